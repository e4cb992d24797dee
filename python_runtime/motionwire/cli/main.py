"""Entry point of `motionwire`: registers the subcommands and turns errors into exit codes (2 the user's mistake, 1 ours)."""

import atexit
import errno
import gc
import importlib
import io
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from motionwire import __version__
from motionwire.errors import InputError

COMMANDS = ("demo", "serve", "generate", "info", "convert", "rig", "render", "view", "bench", "doctor", "keys")
# What the command line's parser raises for wrong words. Typer names only this class of it, and not where its base lies.
USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]
# Refusals of the operating system that only the user can mend, wherever they come up.
USERS_TO_MEND = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.ENAMETOOLONG, errno.ELOOP)

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
    run(app, "cpu", load_commands)


def load_commands() -> None:
    """Register the command that is asked for, else all of them: each loads its own modules only."""
    known = {command.name for command in app.registered_commands}
    for name in sys.argv[1:2] if sys.argv[1:2] and sys.argv[1] in COMMANDS else COMMANDS:
        if name not in known:
            app.command(name)(getattr(importlib.import_module(f"motionwire.cli.{name}"), name))


def run(application: typer.Typer, extra: str = "cpu", load: Callable[[], None] = lambda: None) -> None:
    """Run a Typer application with the project's exit codes; leaves by SystemExit unless all went well. extra: of the distribution, what
    brings the packages that it needs; load: what else has to be imported first."""
    atexit.register(gc.freeze)  # the interpreter's last search for circles takes a second of processor where torch is loaded
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file name may hold what the terminal cannot show
    try:
        with ended_by_ctrl_c():
            load()
        code = application(standalone_mode=False)
    except InputError as error:
        fail(error)
    except USAGE_ERROR as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            typer.echo(str(error), err=True, nl=False)  # empty where Typer has printed the help itself
            sys.exit(2)
        fail(usage(error))
    except typer.Abort:
        sys.exit(1)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("motionwire"):
            raise
        either = " or 'motionwire[gpu]'" if extra == "cpu" else ""
        fail(InputError(f"the Python module {error.name} is missing: pip install 'motionwire[{extra}]'{either}"))
    except OSError as error:
        if error.errno not in USERS_TO_MEND:
            raise
        fail(InputError(error.strerror or str(error), error.filename))
    if code:
        sys.exit(code)


@contextmanager
def ended_by_ctrl_c() -> Iterator[None]:
    """Around imports: Ctrl-C ends the process at once and without a word, where a module that is half loaded would raise anything."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def usage(error: Exception) -> InputError:
    """A wrong command line in the words of its parser, with the command that it was meant for."""
    said = error.format_message().strip().rstrip(".")  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "motionwire"
    return InputError(f"{said}; see {command} --help", command)


def fail(error: InputError) -> None:
    """One line on standard error and the error's exit code."""
    Console(stderr=True, soft_wrap=True, highlight=False, emoji=False).print(f"[red]error:[/red] {_escaped(str(error))}")
    sys.exit(error.exit_code)


def _escaped(text: str) -> str:
    return text.replace("[", "\\[")
