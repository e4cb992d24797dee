"""Joint names as people write them: their side and the part of the body they speak of."""

import re

LEFT, RIGHT, MIDDLE = "left", "right", ""

_SIDES = {"l": LEFT, "left": LEFT, "lt": LEFT, "lf": LEFT, "r": RIGHT, "right": RIGHT, "rt": RIGHT}

# Words of a name -> the part; the first row that has all its words in a name, and none that the last column forbids, tells.
_HELPERS = {"twist", "roll", "ik", "pole", "ctrl", "target", "end", "nub", "tip", "socket", "effector", "corrective", "helper", "dummy"} | {
    "attach", "weapon", "prop", "breast", "eye", "jaw", "tongue", "hair", "ear", "skirt", "tail", "cloth", "holder", "heel", "mch", "org",
}  # fmt: skip
_FINGERS = {"thumb", "index", "middle", "ring", "pinky", "little", "finger", "fingers", "metacarpal", "palm"}
_PARTS: tuple[tuple[frozenset[str], str], ...] = tuple(
    (frozenset(words.split()), part)
    for words, part in (
        ("fore arm", "elbow"), ("forearm", "elbow"), ("lower arm", "elbow"), ("lowerarm", "elbow"), ("elbow", "elbow"), ("radius", "elbow"),
        ("upper arm", "shoulder"), ("upperarm", "shoulder"), ("humerus", "shoulder"), ("shldr", "shoulder"), ("arm", "shoulder"),
        ("clavicle", "collar"), ("collar", "collar"), ("shoulder", "collar"),
        ("hand", "wrist"), ("wrist", "wrist"),
        ("up leg", "hip"), ("upleg", "hip"), ("upper leg", "hip"), ("upperleg", "hip"), ("thigh", "hip"), ("femur", "hip"),
        ("lower leg", "knee"), ("lowerleg", "knee"), ("shin", "knee"), ("calf", "knee"), ("knee", "knee"), ("tibia", "knee"),
        ("leg", "knee"),
        ("toe base", "foot"), ("toebase", "foot"), ("toe", "foot"), ("toes", "foot"), ("ball", "foot"),
        ("foot", "ankle"), ("ankle", "ankle"),
        ("head", "head"), ("neck", "neck"),
        ("hips", "pelvis"), ("pelvis", "pelvis"), ("hip", "pelvis"),
        ("upper chest", "spine"), ("upperchest", "spine"), ("chest", "spine"), ("spine", "spine"), ("torso", "spine"), ("abdomen", "spine"),
        ("thorax", "spine"), ("lowerback", "spine"), ("upperback", "spine"),
    )
)  # fmt: skip


def words_of(name: str) -> list[str]:
    """Lower-case words of a joint name without its prefix: "mixamorig:LeftUpLeg" is left, up, leg."""
    own = re.split(r"[:|]", name)[-1]
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", own)]


def side_of(name: str) -> str:
    """LEFT, RIGHT or MIDDLE."""
    words = words_of(name)
    for word in words:
        if word in _SIDES:
            return _SIDES[word]
    glued = words[0] if words else ""
    return {"l": LEFT, "r": RIGHT}.get(glued[0], MIDDLE) if glued[1:] in _GLUED else MIDDLE


def part_of(name: str) -> str | None:
    """The part of the body that a name speaks of: "pelvis", "spine", "neck", "head", or without its side "collar", "hip" ...; None
    for fingers, helpers and names that say nothing."""
    words = [word for word in words_of(name) if word not in _SIDES]
    if words and words[0][1:] in _GLUED and words[0][0] in "lr":
        words[0] = words[0][1:]
    if _HELPERS & set(words) or _FINGERS & set(words):
        return None
    sided = side_of(name) != MIDDLE
    for needed, part in _PARTS:
        if needed <= set(words):
            if part == "pelvis" and sided:
                return "hip" if "hip" in words else None  # two halves of a pelvis are no thighs
            return part
    return None


_GLUED = {word for needed, _ in _PARTS for word in needed if len(word) > 3}  # as in "lfemur"
