"""`--from-rig`: the user's own rig that motion files are read from, the same option for each command that reads some."""

from typing import Annotated

import typer

from motionwire import rigs
from motionwire.motion.profile import Profile

FromRig = Annotated[
    str | None,
    typer.Option("--from-rig", metavar="PROFILE", help="profile file of the rig that is read, where it is no built-in one (docs/rigs.md)"),
]


def own_profiles(from_rig: str | None) -> list[Profile]:
    """What the option adds to the profiles that files are read with."""
    return [] if from_rig is None else [rigs.profile(from_rig)]
