"""A rig by name or by file: its profile, and the skeleton of its character."""

from pathlib import Path

from motionwire import formats
from motionwire.errors import InputError
from motionwire.motion.profile import Profile
from motionwire.motion.profiles import named
from motionwire.motion.rig import Rig, rig_of

EXTENSION = ".toml"


def load(rig: str | Path) -> Rig:
    """The rig of a built-in profile (`unity`, `ue5`, `mixamo`, `rigify`, `vrm`, `smpl`) or of a profile file (`.toml`).

    Raises InputError for an unknown name, a broken file, or a profile that names joints its character lacks.
    """
    if Path(rig).suffix.lower() != EXTENSION:
        return rig_of(named(str(rig)))
    path = Path(rig)
    profile = Profile.load(path)
    try:
        if profile.character is None:
            return rig_of(profile)
        skeleton = formats.read(path.parent / profile.character).skeleton
        return rig_of(profile.for_names(skeleton), skeleton)
    except InputError as error:
        raise InputError(str(error), path) from None
