"""A rig by name or by file: its profile, and the skeleton of its character."""

from pathlib import Path

from motionwire import formats
from motionwire.errors import InputError
from motionwire.formats.source import read_bytes
from motionwire.motion import profile_file
from motionwire.motion.profile import Profile
from motionwire.motion.profiles import named
from motionwire.motion.rig import Rig, rig_of

EXTENSION = ".toml"
MAX_BYTES = 2**20  # of a profile; one of a hundred joints is 5 kB


def load(rig: str | Path) -> Rig:
    """The rig of a built-in profile (`unity`, `ue5`, `mixamo`, `rigify`, `vrm`, `smpl`) or of a profile file (`.toml`).

    Raises InputError for an unknown name, a broken file, or a profile that names joints its character lacks.
    """
    described = profile(rig)
    try:
        path = character(rig)
        if path is None:
            return rig_of(described)
        skeleton = formats.read(path).skeleton
        return rig_of(described.for_names(skeleton), skeleton)
    except InputError as error:
        raise InputError(str(error), rig) from None


def character(rig: str | Path) -> Path | None:
    """The file that holds the skeleton of a rig, where its profile names one. Raises InputError."""
    named_there = profile(rig).character
    return None if named_there is None else Path(rig).parent / named_there


def profile(rig: str | Path) -> Profile:
    """The profile alone, to read the rig's clips with: a built-in one's by name, or a file's. Raises InputError."""
    return profile_file.parse(read_bytes(rig, MAX_BYTES), rig) if Path(rig).suffix.lower() == EXTENSION else named(str(rig))
