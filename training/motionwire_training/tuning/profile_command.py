"""`motionwire-train tune profile data=DIR licence=... [key=value ...]`: what the training clips hold, and what to train them with."""

import json
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from motionwire.formats.atomic import write_atomically
from motionwire_training.configuration import load_config
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.data.shards import read_dataset, read_shards
from motionwire_training.tuning.profile import profile
from motionwire_training.tuning.proposal import Change, propose, size_of

SPLIT = "train"


def main(words: Sequence[str], json_file: str) -> None:
    """Print the profile as a table with the proposal and its reasons; what the words set already is left as it is."""
    if not any(word.startswith("out=") for word in words):
        words = [*words, "out=runs/controller"]
    config = load_config("controller", ControllerConfig, words)
    read_dataset(Path(config.data))  # says what is wrong with a folder that is none
    samples = read_shards(Path(config.data), SPLIT, config.licence)
    figures = profile(track(samples, "profile", transient=True, console=Console(stderr=True)))
    given = {word.split("=")[0] for word in words}
    changes = [change for change in propose(figures["controller"], config) if change.override.split("=")[0] not in given]
    command = shlex.join(["motionwire-train", "controller", *words, *(change.override for change in changes)])
    size = size_of(figures["controller"])
    text = json.dumps(
        {"data": config.data, "licence": config.licence, "split": SPLIT, **figures}
        | {"size": size, "proposal": [asdict(change) for change in changes], "command": command}
    )
    if json_file == "-":
        print(text)
    else:
        show(figures, size, changes, command)
    if json_file not in ("", "-"):
        write_atomically(Path(json_file), text.encode() + b"\n")


def show(figures: dict[str, Any], size: str, changes: list[Change], command: str) -> None:
    """The tables, and the command that trains with the proposal."""
    console = Console(soft_wrap=True, highlight=False)
    table = Table("figure", "value", title=f"data profile: {size}", title_justify="left")
    for name, value in rows(figures):
        table.add_row(name, value)
    console.print(table)
    for change in changes:
        console.print(f"{change.override:<24} {change.reason}", markup=False)
    if not changes:
        console.print("the recipe as it stands")
    console.print(command, markup=False)


def rows(figures: dict[str, Any], path: str = "") -> list[tuple[str, str]]:
    """Nested figures as lines of a table, named by their path."""
    found: list[tuple[str, str]] = []
    for name, value in figures.items():
        where = f"{path}{name}"
        if isinstance(value, dict) and all(isinstance(inner, int | float) for inner in value.values()):
            found.append((where, ", ".join(f"{key} {inner}" for key, inner in value.items())))
        elif isinstance(value, dict):
            found += rows(value, f"{where}.")
        else:
            found.append((where, str(value)))
    return found
