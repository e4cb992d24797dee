"""The profiles of the rigs that Motionwire knows, one TOML file each; `motion/profile.py` says what the keys mean."""

from functools import cache
from pathlib import Path

from motionwire.errors import InputError
from motionwire.motion.profile import Profile
from motionwire.motion.skeleton import Skeleton


@cache
def known() -> tuple[Profile, ...]:
    """All built-in profiles."""
    return tuple(Profile.load(path) for path in sorted(Path(__file__).parent.glob("*.toml")))


def detect(skeleton: Skeleton, where: object | None = None) -> Profile:
    """The profile whose joints the skeleton has; raises InputError naming the joints that the nearest profile misses."""
    profiles = [profile.for_names(skeleton) for profile in known()]
    lacking = {profile.name: profile.lacking(skeleton) for profile in profiles}
    nearest = min(profiles, key=lambda profile: (len(lacking[profile.name]), -len(profile.source_joints())))
    if lacking[nearest.name]:
        missing = ", ".join(lacking[nearest.name])
        raise InputError(f"unknown rig: the nearest profile, {nearest.name!r}, needs joints that it lacks: {missing}", where)
    return nearest


def named(name: str) -> Profile:
    """The built-in profile of this name; raises InputError for an unknown one."""
    profiles = {profile.name: profile for profile in known()}
    if name not in profiles:
        raise InputError(f"no rig profile {name!r}; known: {', '.join(profiles)}; or a profile file (.toml)")
    return profiles[name]
