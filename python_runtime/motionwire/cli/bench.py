"""`motionwire bench`: how fast this machine runs it, next to the floor measured in the same run."""

import json
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from motionwire.bench import controller, soak, stream, targets, text
from motionwire.bundle import Bundle, default
from motionwire.errors import InputError


class What(StrEnum):
    """What can be measured."""

    STREAM = "stream"
    CONTROLLER = "controller"
    TEXT = "text"
    SOAK = "soak"
    TARGETS = "targets"


SECONDS = {What.STREAM: 10.0, What.CONTROLLER: 2.0, What.TEXT: 4.0, What.SOAK: 600.0, What.TARGETS: 60.0}


def bench(
    what: Annotated[
        What,
        typer.Argument(
            help="lock-step over the wire, cost of a character, sentences, memory as sessions come and go, or all that is asked for"
        ),
    ],
    characters: Annotated[int | None, typer.Option(min=1, max=4096, help="how many; unset: 1, or several batches (controller)")] = None,
    seconds: Annotated[float | None, typer.Option(help="of measuring, or of motion (text)")] = None,
    threads: Annotated[int, typer.Option(min=1, max=256, help="threads of the controller, or ONNX threads (text)")] = 1,
    bundle: Annotated[str | None, typer.Option(help="name of an embedded bundle, or a bundle's folder")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Measure latency, cost and memory."""
    length = SECONDS[what] if seconds is None else seconds
    if not 0.5 <= length <= 600:
        raise InputError(f"{length:g} is not between 0.5 and 600", "--seconds")
    loaded = Bundle.load(bundle or default())
    if what is What.STREAM:
        figures: dict[str, Any] = stream.measure(loaded, characters or 1, length)
    elif what is What.CONTROLLER:
        figures = controller.measure(loaded, characters, length, threads)
    elif what is What.TEXT:
        figures = text.measure(loaded, length, threads)
    elif what is What.SOAK:
        figures = soak.measure(loaded, length)
    else:
        figures = targets.measure(loaded, length)
    if as_json:
        print(json.dumps(figures))
    else:
        lines = figures.pop("lines", None)
        if lines is not None:
            Console().print(_asked(what, lines))
        if what is not What.TARGETS:
            Console().print(_table(what, figures))


def _table(what: What, figures: dict[str, object]) -> Table:
    table = Table("figure", "value", title=f"motionwire bench {what}")
    for name, value in figures.items():
        if isinstance(value, dict):
            for part, row in value.items():
                table.add_row(f"{name} {part}", ", ".join(f"{key} {number}" for key, number in row.items()))
        else:
            table.add_row(name, str(value))
    return table


def _asked(what: What, lines: list[dict[str, Any]]) -> Table:
    table = Table("what", "measured", "asked", "floor in the same run", title=f"motionwire bench {what}")
    for line in lines:
        found, asked = f"{line['found']} {line['unit']}".strip(), f"{'>=' if line['least'] else '<='} {line['asked']}"
        table.add_row(line["name"], found if line["met"] else f"[bold red]{found}[/]", asked, line["floor"])
    return table
