"""A guessed profile as the text of a profile file, its doubts as comments."""

import json
import os
from pathlib import Path

from motionwire.motion.skeleton import JOINT_NAMES
from motionwire.rigs.guess import Guess


def to_toml(guess: Guess, character: Path, folder: Path) -> str:
    """The profile file of a guess; it names the character relative to `folder`, where the file will lie."""
    try:
        shown = Path(os.path.relpath(character.resolve(), folder.resolve()))
    except ValueError:  # another drive
        shown = character.resolve()
    lines = [f"# Proposed by `motionwire rig guess {character.name}`: look at it before you trust it (docs/rigs.md)."]
    lines += [f"# unsure: {doubt}" for doubt in guess.doubts]
    lines += [f"name = {_quoted(character.stem)}", f"character = {_quoted(shown.as_posix())}"]
    lines += [f"metres_per_unit = {guess.metres_per_unit!r}", f"up = {_quoted(guess.up)}", 'ground = "file"', "", "[joints]"]
    for joint in JOINT_NAMES:
        entry = guess.joints[joint]
        lines.append(f"{joint} = {_quoted(entry) if isinstance(entry, str) else _table(entry)}")
    return "\n".join([*lines, ""])


def _table(entry: dict[str, object]) -> str:
    return "{ " + ", ".join(f"{key} = {_quoted(value) if isinstance(value, str) else value}" for key, value in entry.items()) + " }"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
