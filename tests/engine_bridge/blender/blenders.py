"""The Blenders that the add-on is tested in: Debian's program and, as the newest one that a registry has, the `bpy` wheel."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from broadcast.toolchain import need
from motionwire.formats.blender_program import VARIABLE

INSIDE = Path(__file__).parent / "inside"
PROGRAM, WHEEL, WINDOW = "program", "wheel", "window"
OPTIONS = ("--factory-startup", "--python-use-system-env", "--python-exit-code", "9")


def run(kind: str, script: str, folder: Path, **arguments: Any) -> dict[str, Any]:
    """What a script of `inside/` saved, run by a Blender with user settings of its own in the folder."""
    out = folder / f"{script}.npz"
    call = json.dumps({"out": str(out), **arguments})
    words = [*command(kind), str(INSIDE / f"{script}.py"), "--", call]
    environment = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "PYTHONPATH": str(INSIDE)}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0 and out.is_file(), done.stdout + done.stderr
    with np.load(out) as found:
        return {name: json.loads(str(found[name])) if name == "said" else found[name] for name in found.files}


def command(kind: str) -> list[str]:
    """How to run a script in this kind of Blender."""
    if kind == WHEEL:
        return [need(_python_with_bpy(), f"the bpy wheel (its Python is named in {VARIABLE})")]
    program = need(shutil.which("blender"), "Blender (Debian's blender)")
    if kind == WINDOW:
        screen = ["xvfb-run", "--auto-servernum", "--server-args", "-screen 0 1280x800x24"]
        return [*screen, program, *OPTIONS, "--enable-event-simulate", "--window-geometry", "0", "0", "1280", "800", "--python"]
    return [program, "--background", *OPTIONS, "--python"]


def _python_with_bpy() -> str | None:
    named = os.environ.get(VARIABLE, "")
    if "python" in Path(named).name:
        return named
    return sys.executable if importlib.util.find_spec("bpy") else None
