"""The profiles of the rigs that Motionwire knows, one TOML file each; `motion/profile.py` says what the keys mean."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from motionwire.errors import InputError
from motionwire.motion.profile import Profile
from motionwire.motion.profile_file import parse
from motionwire.motion.skeleton import Skeleton


@cache
def known() -> tuple[Profile, ...]:
    """All built-in profiles."""
    return tuple(parse(path.read_bytes(), path) for path in sorted(Path(__file__).parent.glob("*.toml")))


def detect(skeleton: Skeleton, where: object | None = None, own: Sequence[Profile] = ()) -> Profile:
    """The profile whose joints the skeleton has, one of the user's own before a built-in one; raises InputError naming the joints
    that the nearest profile misses."""
    fitted = fitting(skeleton, own)
    if fitted is not None:
        return fitted
    profiles = [profile.for_names(skeleton) for profile in (*own, *known())]
    lacking = [profile.lacking(skeleton) for profile in profiles]
    nearest = min(range(len(profiles)), key=lambda index: (len(lacking[index]), -len(profiles[index].source_joints())))
    if lacking[nearest]:
        needs = f"the nearest profile, {profiles[nearest].name!r}, needs joints that it lacks: {', '.join(lacking[nearest])}"
        raise InputError(f"unknown rig: {needs}; --from-rig takes a profile of your own (docs/rigs.md)", where)
    return profiles[nearest]


def fitting(skeleton: Skeleton, own: Sequence[Profile]) -> Profile | None:
    """The first of the user's own profiles whose joints the skeleton has."""
    return next((named for profile in own if not (named := profile.for_names(skeleton)).lacking(skeleton)), None)


def named(name: str) -> Profile:
    """The built-in profile of this name; raises InputError for an unknown one."""
    profiles = {profile.name: profile for profile in known()}
    if name not in profiles:
        raise InputError(f"no rig profile {name!r}; known: {', '.join(profiles)}; or a profile file (.toml)")
    return profiles[name]
