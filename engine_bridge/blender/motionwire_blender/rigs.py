"""Which bones play which joint: the packed profiles and Rigify's controls, found by the armature's bone names."""

from .packed import RIGS as PACKED
from .rigify import CONTROLS, NAME
from .standing import NEEDED, RigError

AUTO = "AUTO"
RIGS = {NAME: CONTROLS, **PACKED}  # of two that fit equally the first one is meant
_CHOICES = [(AUTO, "Found by bone names", "The rig whose names the armature's bones have"), *((name, name, "") for name in RIGS)]


def choices(_self, _context):
    """Items of a menu; Blender needs them to live on."""
    return _CHOICES


def bones(names, rig=AUTO):
    """{joint: [bones]} of a rig, or of the one that fits best, for an armature with these bone names. Raises RigError."""
    found = {name: _played(RIGS[name], names) for name in (RIGS if rig == AUTO else [rig])}
    best = max(found, key=lambda name: (sum(joint in found[name] for joint in NEEDED), len(found[name])))
    lacking = [f"{joint} ({RIGS[best][joint][0][0]})" for joint in NEEDED if joint not in found[best]]
    if lacking:
        raise RigError(f"the armature, taken as {best!r}, lacks bones for {', '.join(lacking)}")
    return found[best]


def _played(profile, names):
    """{joint: [bones]} with the prefix (a name space, "DEF-") under which most joints are found."""
    pelvis = _plain(profile["pelvis"][0][0])
    prefixes = {"", *(name.lower().removesuffix(pelvis) for name in names if name.lower().endswith(pelvis))}
    return max((_with_prefix(profile, names, prefix) for prefix in sorted(prefixes, key=len)), key=len)


def _with_prefix(profile, names, prefix):
    plain = {name.lower(): name for name in reversed(names)}
    played = {}
    for joint, parts in profile.items():
        found = [next((plain[prefix + _plain(name)] for name in part if prefix + _plain(name) in plain), None) for part in parts]
        if found[0] is not None:
            played[joint] = [bone for bone in found if bone is not None]
    return played


def _plain(name):
    """A bone's name without its name space and case."""
    return name.rsplit(":", 1)[-1].lower()
