"""Entry point of `motionwire`: registers the subcommands and turns errors into exit codes (2 the user's mistake, 1 ours)."""

import importlib
import sys

import typer
from rich.console import Console

from motionwire import __version__
from motionwire.errors import InputError

COMMANDS = ("demo", "serve", "generate", "info", "convert", "render", "bench")

app = typer.Typer(name="motionwire", help="A neural animation engine for games.", no_args_is_help=True, add_completion=False)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"motionwire {__version__}")
        raise typer.Exit()


@app.callback()
def root(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version and leave.")) -> None:
    """A neural animation engine for games."""


def main() -> None:
    """Run the command line; never shows a traceback for bad input."""
    for name in COMMANDS:
        module = importlib.import_module(f"motionwire.cli.{name}")
        app.command(name)(getattr(module, name))
    run(app)


def run(application: typer.Typer) -> None:
    """Run a Typer application with the project's exit codes."""
    try:
        application()
    except InputError as error:
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"[red]error:[/red] {_escaped(str(error))}")
        sys.exit(2)


def _escaped(text: str) -> str:
    return text.replace("[", "\\[")
