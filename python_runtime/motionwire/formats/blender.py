"""FBX and Alembic by way of Blender, in a process of its own: a clip goes there as GLB, and comes back from FBX as GLB.

blender_program.py says which Blender (extra `fbx`); what runs there is in_blender.py.
"""

import re
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from motionwire.errors import InputError
from motionwire.formats import glb, glb_writer
from motionwire.formats.atomic import written_elsewhere
from motionwire.formats.blender_program import command
from motionwire.formats.optional import require
from motionwire.formats.source import read_bytes
from motionwire.motion.clip import Clip

SCRIPT = Path(__file__).with_name("in_blender.py")
SECONDS = 600  # that one file may take
MARK = "motionwire: "  # in front of what in_blender.py says
ERROR = re.compile(r"\w*(Error|Exception): (?!script failed)")  # the line of a Python error that says what it was


def write(clip: Clip, path: str | Path) -> None:
    """Write a clip in metres as FBX (skeleton, motion and body) or Alembic (the moving body); raises InputError."""
    path = Path(path)
    with tempfile.TemporaryDirectory() as folder, written_elsewhere(path) as temporary:
        source = Path(folder) / "clip.glb"
        source.write_bytes(glb_writer.to_bytes(clip))
        _run([path.suffix.lower()[1:], str(source), str(temporary), repr(clip.fps), str(len(clip))], temporary, path)


def read(path: str | Path) -> Clip:
    """An FBX file's first skeleton and its motion as a clip in metres; raises InputError."""
    path = Path(path)
    read_bytes(path)  # says in one line why a file cannot be read
    with tempfile.TemporaryDirectory() as folder:
        target, slower = Path(folder) / "clip.glb", Path(folder) / "slower"
        _run(["glb", str(path.absolute()), str(target), str(slower)], target, path)
        clip = glb.parse(target.read_bytes(), str(path))
        return replace(clip, fps=clip.fps / float(slower.read_text()), name=path.stem)


def _run(job: list[str], result: Path, path: Path) -> None:
    """Run a job in Blender; raises InputError about `path` unless it leaves the result."""
    require("fbx", path)
    program = command(SCRIPT) or []
    try:
        done = subprocess.run(
            [*program, *job], capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputError(f"Blender ({program[0]}) does not run: {error}", path) from None
    if done.returncode != 0 or not result.is_file():
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        said = [line.removeprefix(MARK) for line in lines if line.startswith(MARK)]
        said = said or [line for line in lines if ERROR.match(line)] or lines[-1:] or ["it said nothing"]
        raise InputError(f"Blender could not convert it: {said[-1][:200]}", path)
