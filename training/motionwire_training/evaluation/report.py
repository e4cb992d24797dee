"""Figures of an evaluation: as JSON, as a table on the terminal, and where to write them."""

import json
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Any

from motionwire.errors import InputError
from motionwire.formats.atomic import write_atomically

WIDTH = 40


def check_writable(json_file: str) -> None:
    """Raises InputError where the figures could not be written, before the long work."""
    if json_file not in ("", "-") and not Path(json_file).parent.is_dir():
        raise InputError("cannot write: No such file or directory", json_file)


def publish(figures: Mapping[str, Any], json_file: str, text: str) -> None:
    """json_file: "-" prints the figures as the only output, "" writes none; the text is printed otherwise."""
    content = json.dumps(finite(figures), indent=1)
    print(content if json_file == "-" else text)
    if json_file not in ("", "-"):
        write_atomically(Path(json_file), content.encode() + b"\n")


def finite(part: Any) -> Any:
    """The same for JSON: what is not a number, None."""
    if isinstance(part, Mapping):
        return {str(name): finite(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [finite(value) for value in part]
    return None if isinstance(part, float) and not isfinite(part) else part


def lines(title: str, figures: Mapping[str, Any]) -> list[str]:
    """A title and one figure a line; a mean with its interval, and a share with what else, in one.

    Maps of maps are indented, lists of words left out, and so is what is not a number: why is in what was left out.
    """
    out = [title]
    for name, value in figures.items():
        if isinstance(value, Mapping) and set(value) == {"mean", "ci95"}:
            if isfinite(value["mean"]):
                within = f" +- {_number(value['ci95'])}" if isfinite(value["ci95"]) else ""
                out.append(f"  {name.ljust(WIDTH)}{_number(value['mean']):>10}{within}")
        elif isinstance(value, Mapping) and {"right", "asked"} <= set(value):
            others = ", ".join(f"{other} {times}" for other, times in value.get("taken_for", {}).items())
            out.append(f"  {name.ljust(WIDTH)}{value['right']} of {value['asked']}{f'   else {others}' if others else ''}")
        elif isinstance(value, Mapping):
            out += [f"  {line}" for line in lines(name, value)]
        elif isinstance(value, int | float) and isfinite(value):
            out.append(f"  {name.ljust(WIDTH)}{_number(value):>10}")
        elif isinstance(value, list) and all(isinstance(item, float) and isfinite(item) for item in value):
            out.append(f"  {name.ljust(WIDTH)}{' '.join(map(_number, value)):>10}")
        elif isinstance(value, str):
            out.append(f"  {name.ljust(WIDTH)}{value}")
    return out


def _number(value: float) -> str:
    return f"{value:d}" if isinstance(value, int) else f"{value:.4g}"
