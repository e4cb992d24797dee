"""What an import says at its end."""

import io
from typing import Any

import pytest
from rich.console import Console

from motionwire_training.data.told import tell_free


def row(licence: str, licence_class: str) -> dict[str, Any]:
    return {"source": "mine", "licence": licence, "licence_class": licence_class, "clips": 1}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("MIT", "free"), row("CC BY-NC 4.0", "research"), row("CC0", "free")] * 2, "taken as free for every use: MIT; CC0"),
        ([row("ask me", "research")], "no licence is taken as free for every use"),
    ],
)
def test_licences_that_were_taken_as_free_are_named_once_each(rows: list[dict[str, Any]], said: str) -> None:
    console = Console(file=io.StringIO())
    tell_free(console, {"licences": rows})
    assert console.file.getvalue() == f"{said}\n"  # type: ignore[attr-defined]
