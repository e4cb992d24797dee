"""The Godot client as console programs."""

import os
import shutil
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3] / "engine_bridge" / "godot"
GODOT3 = PROJECT / "godot3"


def build() -> dict[str, list[str]]:
    """The first words of the benchmark's program. Raises RuntimeError where Godot 3 is not installed."""
    return {"gdscript": script(_headless(), "bench")}


def game() -> list[str]:
    """The first words of the test game; raises as `build`."""
    return script(_headless(), "probe")


def _headless() -> str:
    program = shutil.which("godot3-server")
    if program is None:
        raise RuntimeError("not installed: godot3-server")
    return program


def script(program: str, name: str) -> list[str]:
    """A program of engine_bridge/godot/tests, before its arguments."""
    return [program, "--no-window", "--path", str(GODOT3), "--script", f"tests/{name}.gd"]


def environment() -> dict[str, str]:
    """Of a Godot 3 that keeps its user folder to itself and does not complain about the locale C."""
    return os.environ | {"LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"}
