"""Which Blender runs in_blender.py."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

VARIABLE = "MOTIONWIRE_BLENDER"


def command(script: Path) -> list[str] | None:
    """How to run a script in Blender, its arguments to be added; None where there is no Blender.

    Blender is the program named in MOTIONWIRE_BLENDER (a `blender`, or a `python` that has bpy), else this Python's own bpy, else
    the `blender` on the path.
    """
    program = os.environ.get(VARIABLE)
    if program is None:
        program = sys.executable if find_spec("bpy") is not None else shutil.which("blender")
    if program is None:
        return None
    if Path(program).name.startswith("python"):
        return [program, "-P", str(script), "--"]  # -P: modules beside the script must not stand in for Python's own
    return [program, "--background", "--factory-startup", "--python-exit-code", "1", "--python", str(script), "--"]
