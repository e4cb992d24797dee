"""`motionwire rig`: the rigs that motion can be put on, and a profile proposed for a new one."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from motionwire import rigs
from motionwire.errors import InputError
from motionwire.formats.atomic import write_atomically
from motionwire.motion.profiles import known
from motionwire.rigs.guess import guess
from motionwire.rigs.write import to_toml


class What(StrEnum):
    """What is asked."""

    LIST = "list"
    GUESS = "guess"


def rig(
    what: Annotated[What, typer.Argument(help="list the built-in profiles, or guess one for the skeleton in a file")],
    file: Annotated[Path | None, typer.Argument(help="guess: a character or motion file with the rig")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="guess: profile file to write (.toml); without it, print")] = None,
) -> None:
    """Rig profiles: what `convert --rig` takes (docs/rigs.md)."""
    console = Console(highlight=False, soft_wrap=True)
    if what is What.LIST:
        console.print(_table())
        return
    if file is None:
        raise InputError("which file? motionwire rig guess FILE", "motionwire rig")
    if output is not None and output.suffix.lower() != rigs.EXTENSION:
        raise InputError(f"a profile is a {rigs.EXTENSION} file", output)
    proposed = guess(file)
    text = to_toml(proposed, file, Path() if output is None else output.parent)
    if output is None:
        print(text, end="")
    else:
        write_atomically(output, text.encode())
        console.print(f"{output}: {len(proposed.joints)} joints", markup=False)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    for doubt in proposed.doubts:
        errors.print(f"unsure: {doubt}", markup=False)


def _table() -> Table:
    table = Table("profile", "reads its files", "motion can be put on it", "hips, left knee, left hand")
    for profile in known():
        names = [profile.joints[joint].joint for joint in ("pelvis", "left_knee", "left_wrist")]
        table.add_row(profile.name, "yes", "yes" if profile.skeleton else "with a character", ", ".join(names))
    return table
