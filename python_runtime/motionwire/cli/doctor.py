"""`motionwire doctor`: what is installed, which ONNX providers work, what bundles need, who sits on the port."""

import importlib
import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from motionwire import __version__
from motionwire.doctor import packages
from motionwire.server.settings import DEFAULT_PORT


def doctor(
    bundle: Annotated[str | None, typer.Option(help="look at this bundle only: an embedded one's name, or a folder")] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="the port that `motionwire serve` shall bind")] = DEFAULT_PORT,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Find out what works here; exit code 1 if something that Motionwire needs does not."""
    found = examine(bundle, port)
    if as_json:
        print(json.dumps(found))
    else:
        _show(found)
    if found["problems"]:
        raise typer.Exit(1)


def examine(bundle: str | None, port: int) -> dict[str, Any]:
    """All findings; problems: a line for each thing that does not work and should."""
    versions = packages.versions()
    problems = packages.problems(versions, packages.required())
    try:
        found = importlib.import_module("motionwire.doctor.working").examine(bundle, port)
    except ImportError as error:  # a module that is there but does not load, for want of a library or of a fitting version, raises it too
        missing = isinstance(error, ModuleNotFoundError)
        why = f"without the module {error.name}" if missing else f"because a package does not load ({' '.join(str(error).split())})"
        problems.append(f"{why} nothing else can be looked at")
        found = {part: {} for part in ("providers", "bundles", "ports", "caches")} | {"default_bundle": None, "problems": []}
    return {
        "motionwire": __version__,
        "machine": packages.machine(),
        "packages": versions,
        **found,
        "problems": [*problems, *found["problems"]],
    }


def _show(found: dict[str, Any]) -> None:
    console = Console(highlight=False)
    for part in ("machine", "packages", "providers", "bundles", "ports", "caches"):
        table = Table(show_header=False, box=None, padding=(0, 2))
        for name, value in found[part].items():
            table.add_row(name, escape(_words(value)))
        console.print(f"[bold]{part}[/]")
        console.print(table)
    for line in found["problems"]:
        console.print(f"[red]problem:[/red] {escape(line)}", soft_wrap=True)
    if not found["problems"]:
        console.print("[green]all of it works[/green]")


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(item)}" for name, item in value.items())
    if isinstance(value, list):
        return " ".join(map(str, value))
    return {True: "yes", False: "no", None: "none"}.get(value, str(value)) if isinstance(value, bool | None) else str(value)
