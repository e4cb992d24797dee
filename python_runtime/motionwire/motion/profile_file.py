"""Profile files: TOML into a Profile, every key and value checked; what the keys mean stands in profile.py."""

import tomllib
from difflib import get_close_matches
from typing import Any

import msgspec

from motionwire.errors import InputError
from motionwire.motion.profile import BONES, Bone, Length, Number, Place, Profile, Vector

PLAIN: dict[str, Any] = {"name": str, "metres_per_unit": Number, "up": str, "ground": str, "toe_height": Number}
PLAIN |= {"character": str, "root_motion": bool}
TABLES: dict[str, Any] = {"joints": str | Place, "lengths": Length, "skeleton": str | Bone}  # of each of their entries
T_POSE: dict[str, Any] = {"degrees": Vector, "axes": str, "bones": Vector}


def parse(data: bytes, where: object) -> Profile:
    """The profile that a file's bytes describe; raises InputError for anything that is not one, naming file and entry."""
    try:
        described = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"not a readable profile: {error}", where) from None
    try:
        return Profile(**_arguments(described))
    except InputError as error:
        raise InputError(f"not a valid profile: {error}", where) from None


def _arguments(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of a Profile."""
    _known(data, {**PLAIN, **TABLES, "t_pose": None}, "")
    if missing := [key for key in ("name", "metres_per_unit") if key not in data]:
        raise InputError(f"{missing[0]} is missing")
    pose = _table(data.get("t_pose", {}), "t_pose")
    _known(pose, T_POSE, "t_pose.")
    found: dict[str, Any] = {key: _value(data[key], kind, key) for key, kind in PLAIN.items() if key in data}
    for key, kind in TABLES.items():
        found[key] = _entries(data.get(key, {}), kind, key)
    for key, kind in T_POSE.items():
        found[key] = _entries(pose.get(key, {}), kind, f"t_pose.{key}")
    found["joints"] = {joint: Place(place) if isinstance(place, str) else place for joint, place in found["joints"].items()}
    found["skeleton"] = {joint: Bone(bone) if isinstance(bone, str) else bone for joint, bone in found["skeleton"].items()}
    found["bones"] = {**BONES, **found["bones"]}
    return found


def _known(table: dict[str, Any], keys: dict[str, Any], prefix: str) -> None:
    for key in table:
        if key not in keys:
            near = get_close_matches(key, keys, n=1)
            raise InputError(f"unknown key {prefix}{key}" + (f"; did you mean {prefix}{near[0]}?" if near else ""))


def _table(value: Any, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{key} is not a table")
    return value


def _entries(value: Any, kind: Any, key: str) -> dict[str, Any]:
    return {name: _value(entry, kind, f"{key}.{name}") for name, entry in _table(value, key).items()}


def _value(value: Any, kind: Any, key: str) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise InputError(str(error), key) from None
