"""`motionwire doctor`: what is installed, which ONNX providers work, what bundles need, who sits on the port."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from motionwire import __version__
from motionwire.bundle import Bundle, available, default
from motionwire.doctor import models, packages, places, providers
from motionwire.errors import InputError
from motionwire.server.settings import DEFAULT_PORT

EITHER = ("onnxruntime", "onnxruntime-gpu")


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


def examine(bundle: str | None, port: int) -> dict[str, object]:
    """All findings; problems: a line for each thing that does not work and should."""
    versions = packages.versions()
    bundles = {name: models.examine(name) for name in ([bundle] if bundle else available())}
    usable = [name for name, facts in bundles.items() if facts["works"]]
    tried = providers.try_all(Bundle.load(usable[0])) if usable else {}
    ports = {str(port): places.port(port)}
    caches = places.caches()
    return {
        "motionwire": __version__,
        "machine": packages.machine(),
        "packages": versions,
        "providers": tried,
        "default_bundle": _default(),
        "bundles": bundles,
        "ports": ports,
        "caches": caches,
        "problems": _problems(versions, bundles, tried, ports, caches),
    }


def _default() -> str | None:
    try:
        return default()
    except InputError:
        return None


def _problems(
    versions: dict[str, str | None],
    bundles: dict[str, dict[str, object]],
    tried: dict[str, dict[str, object]],
    ports: dict[str, dict[str, object]],
    caches: dict[str, dict[str, object]],
) -> list[str]:
    lines = [f"package {name} is missing" for name, version in versions.items() if version is None and name not in EITHER]
    if not any(versions[name] for name in EITHER):
        lines.append("no onnxruntime: install motionwire[cpu] or motionwire[gpu]")
    lines += [f"bundle {name}: {facts['error']}" for name, facts in bundles.items() if not facts["works"]]
    if not bundles:
        lines.append("no bundle is embedded in this installation")
    if tried and not tried.get(providers.CPU, {}).get("works"):
        lines.append(f"{providers.CPU} does not work")
    lines += [f"port {number}: {facts['error']}" for number, facts in ports.items() if not facts["free"] and not facts["by"]]
    lines += [f"no folder for {name} can be written" for name, facts in caches.items() if not facts["writable"]]
    return lines


def _show(found: dict[str, object]) -> None:
    console = Console(highlight=False)
    for part in ("machine", "packages", "providers", "bundles", "ports", "caches"):
        table = Table(show_header=False, box=None, padding=(0, 2))
        facts = found[part]
        assert isinstance(facts, dict)
        for name, value in facts.items():
            table.add_row(name, _words(value))
        console.print(f"[bold]{part}[/]")
        console.print(table)
    problems = found["problems"]
    assert isinstance(problems, list)
    for line in problems:
        console.print(f"[red]problem:[/red] {line}", soft_wrap=True)
    if not problems:
        console.print("[green]all of it works[/green]")


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(item)}" for name, item in value.items())
    if isinstance(value, list):
        return " ".join(map(str, value))
    return {True: "yes", False: "no", None: "none"}.get(value, str(value)) if isinstance(value, bool | None) else str(value)
