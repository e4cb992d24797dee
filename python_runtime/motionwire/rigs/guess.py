"""A profile proposed for a rig nobody described: from its joints' names, checked against how they hang together and where they are.

What names do not say, the tree does: a limb is a chain, so a knee lies between hip and ankle. Each choice that is not plain from
both is told as a doubt.
"""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from motionwire import formats
from motionwire.errors import InputError
from motionwire.formats import glb
from motionwire.formats.source import read_bytes
from motionwire.motion.aligned import rest_world
from motionwire.motion.profiles import detect
from motionwire.motion.size import ABOVE, is_likely, likeliest_unit
from motionwire.motion.skeleton import Skeleton
from motionwire.rigs.words import LEFT, MIDDLE, RIGHT, part_of, side_of

LIMBS = (("hip", "knee", "ankle", "foot"), ("collar", "shoulder", "elbow", "wrist"))
ALSO = {"foot": "ankle", "shoulder": "collar"}
SHARE = {"knee": (0.3, 0.7), "elbow": (0.3, 0.7)}  # of the way from the limb's start to its end, where a middle joint is expected
TOE = (0.0, -0.06, 0.13)  # m from the ankle, where a foot has no toe joint
SLANT = 0.35  # rad from straight down from which legs at rest are told
_VRM = {
    "hips": "pelvis", "spine": "spine1", "chest": "spine2", "upperChest": "spine3", "neck": "neck", "head": "head",
    **{f"{side}{vrm}": f"{side}_{part}" for side in (LEFT, RIGHT) for vrm, part in (
        ("UpperLeg", "hip"), ("LowerLeg", "knee"), ("Foot", "ankle"), ("Toes", "foot"), ("Shoulder", "collar"), ("UpperArm", "shoulder"),
        ("LowerArm", "elbow"), ("Hand", "wrist"),
    )},
}  # fmt: skip


@dataclass(frozen=True)
class Guess:
    """joints: canonical joint -> the profile's entry for it, a name or a table; metres_per_unit; doubts: what to look at."""

    joints: dict[str, str | dict[str, object]]
    metres_per_unit: float
    up: str
    doubts: tuple[str, ...]


def guess(path: str | Path) -> Guess:
    """A proposal for the skeleton in a file; raises InputError where no figure can be made out, naming what is missing."""
    skeleton = formats.read(path).skeleton
    known = _known(skeleton)
    if known is not None:
        return known
    stated: dict[str, str] = {}
    if Path(path).suffix.lower() in (".glb", ".vrm"):
        bones = glb.human_bones(read_bytes(path), str(path))
        stated = {_VRM[bone]: joint for bone, joint in bones.items() if bone in _VRM and joint in skeleton.names}
    try:
        return of_skeleton(skeleton, stated)
    except InputError as error:
        raise InputError(str(error), path) from None


def _known(skeleton: Skeleton) -> Guess | None:
    """The entries of a built-in profile, where the skeleton has all its joints."""
    try:
        profile = detect(skeleton)
    except InputError:
        return None
    joints: dict[str, str | dict[str, object]] = {}
    for joint, place in profile.joints.items():
        table = {key: value for key, value in msgspec.structs.asdict(place).items() if value is not None}
        joints[joint] = place.joint if place.towards is None and place.offset is None else table
    differs = profile.axes or profile.degrees
    doubt = f"the joints are those of the built-in profile {profile.name!r}; if the axes are too, copy its [t_pose]"
    found = {joint: skeleton.index(place.joint) for joint, place in profile.joints.items()}
    doubts = [doubt] if differs else []
    unit, up = _unit(skeleton, found, doubts)
    return Guess(joints, unit, up, tuple(doubts))


def of_skeleton(skeleton: Skeleton, stated: dict[str, str]) -> Guess:
    """The same for a skeleton; stated: canonical joints that the file itself names."""
    doubts: list[str] = []
    found: dict[str, int] = {joint: skeleton.index(name) for joint, name in stated.items()}
    for side in (LEFT, RIGHT):
        for limb in LIMBS:
            _add_limb(found, skeleton, side, limb, doubts)
    _add_middle(found, skeleton, doubts)
    missing = [joint for joint in ("pelvis", "head", *_needed()) if joint not in found]
    if missing:
        raise InputError(f"no joint found for {', '.join(missing)}; write the profile by hand (docs/rigs.md)")
    joints: dict[str, str | dict[str, object]] = {joint: skeleton.names[index] for joint, index in found.items()}
    _fill(joints, found, skeleton, doubts)
    _check_places(found, skeleton, doubts)
    unit, up = _unit(skeleton, found, doubts)
    return Guess(joints, unit, up, tuple(doubts))


def _needed() -> list[str]:
    return [f"{side}_{part}" for side in (LEFT, RIGHT) for part in ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")]


def _add_limb(found: dict[str, int], skeleton: Skeleton, side: str, limb: tuple[str, ...], doubts: list[str]) -> None:
    """The joints of a limb by name, each below the one before; the one nearest to the body where names repeat."""
    depth = _depths(skeleton)
    for part in limb:
        joint = f"{side}_{part}"
        if joint in found:
            continue
        above = next((found[f"{side}_{before}"] for before in reversed(limb[: limb.index(part)]) if f"{side}_{before}" in found), None)
        candidates: list[int] = []
        for word in (part, ALSO.get(part)):  # what is called foot below an ankle is the toes, a shoulder below a collar the upper arm
            named = [index for index, name in enumerate(skeleton.names) if side_of(name) == side and part_of(name) == word]
            below = [index for index in named if above is None or _is_below(skeleton, index, above)]
            candidates = candidates or sorted(below, key=lambda index: depth[index])
        if candidates:
            found[joint] = candidates[0]
            if len(candidates) > 1 and depth[candidates[1]] == depth[candidates[0]]:
                others = ", ".join(repr(skeleton.names[index]) for index in candidates[1:4])
                doubts.append(f"{joint}: took {skeleton.names[candidates[0]]!r}; {others} would do as well by name")
    if f"{side}_shoulder" not in found and f"{side}_collar" in found and limb[0] == "collar":
        found[f"{side}_shoulder"] = found.pop(f"{side}_collar")  # one joint called shoulder is the upper arm's
    first, middle, last = (f"{side}_{part}" for part in (limb[:3] if limb[0] == "hip" else limb[1:]))
    if first in found and last in found and middle not in found:
        chain = _between(skeleton, found[first], found[last])
        if len(chain) == 1:
            found[middle] = chain[0]
            doubts.append(f"{middle}: took {skeleton.names[chain[0]]!r} since it lies between; its name does not say so")


def _add_middle(found: dict[str, int], skeleton: Skeleton, doubts: list[str]) -> None:
    """Pelvis, spine, neck and head: the trunk is the way from the legs to the head."""
    depth = _depths(skeleton)
    middle = [index for index, name in enumerate(skeleton.names) if side_of(name) == MIDDLE]

    def named(part: str) -> list[int]:
        return sorted((index for index in middle if part_of(skeleton.names[index]) == part), key=lambda index: depth[index])

    hips = [found[f"{side}_hip"] for side in (LEFT, RIGHT) if f"{side}_hip" in found]
    common = _common(skeleton, hips) if len(hips) == 2 else None
    if "pelvis" not in found:
        by_name = named("pelvis")
        if common is not None:
            found["pelvis"] = common
            if part_of(skeleton.names[common]) != "pelvis":
                doubts.append(f"pelvis: took {skeleton.names[common]!r}, where the legs meet; its name does not say so")
        elif by_name:
            found["pelvis"] = by_name[0]
    if "head" not in found and (heads := named("head")):
        found["head"] = heads[0]
    if "head" not in found and (tops := [index for index in middle if part_of(skeleton.names[index]) in ("neck", "spine")]):
        found["head"] = max(tops, key=lambda index: depth[index])
        doubts.append(f"head: took {skeleton.names[found['head']]!r}, the last of the trunk; its name does not say so")
    if "pelvis" not in found or "head" not in found:
        return
    trunk = _between(skeleton, found["pelvis"], found["head"])
    arms = [found[joint] for joint in ("left_shoulder", "right_shoulder") if joint in found]
    chest = _common(skeleton, [*arms, found["head"]]) if arms else None
    spine = [index for index in trunk if chest is None or depth[index] <= depth[chest]]
    neck = [index for index in trunk if index not in spine]
    if "neck" not in found and neck:
        found["neck"] = neck[0]
    chosen = spine if len(spine) < 3 else [spine[0], spine[round((len(spine) - 1) / 2)], spine[-1]]
    for joint, index in zip(("spine1", "spine2", "spine3"), chosen, strict=False):
        found.setdefault(joint, index)
    if len(spine) > 3:
        names = ", ".join(skeleton.names[index] for index in spine)
        doubts.append(f"spine: {len(spine)} joints ({names}) for three; those between stay at rest")


def _fill(joints: dict[str, str | dict[str, object]], found: dict[str, int], skeleton: Skeleton, doubts: list[str]) -> None:
    """Points for the canonical joints that the rig has none for."""
    above = found.get("neck", found["head"])

    def point(joint: str, base: str, towards: int, fraction: float) -> None:
        joints[joint] = {"joint": skeleton.names[found[base]], "towards": skeleton.names[towards], "fraction": fraction}
        doubts.append(f"{joint}: the rig has no joint for it; a point on {skeleton.names[found[base]]!r} stands for it")

    if "spine1" not in found:
        point("spine1", "pelvis", above, 0.25)
        found = {**found, "spine1": found["pelvis"]}
    if "spine2" not in found:
        point("spine2", "spine1", above, 0.3)
        found = {**found, "spine2": found["spine1"]}
    if "spine3" not in found:
        point("spine3", "spine2", above, 0.6)
        found = {**found, "spine3": found["spine2"]}
    if "neck" not in found:
        point("neck", "spine3", found["head"], 0.7)
    for side in (LEFT, RIGHT):
        if f"{side}_collar" not in found:
            point(f"{side}_collar", "spine3", found[f"{side}_shoulder"], 0.4)
        if f"{side}_foot" not in found:
            joints[f"{side}_foot"] = {"joint": skeleton.names[found[f"{side}_ankle"]], "offset": list(TOE)}
            doubts.append(f"{side}_foot: the rig has no toe joint; a point {100 * TOE[2]:.0f} cm before the ankle stands for it")


def _check_places(found: dict[str, int], skeleton: Skeleton, doubts: list[str]) -> None:
    """Proportions: middle joints in the middle, left and right alike, left on one side."""
    places, _ = rest_world(skeleton)
    for side in (LEFT, RIGHT):
        for start, middle, end in (("hip", "knee", "ankle"), ("shoulder", "elbow", "wrist")):
            first, second, third = (places[found[f"{side}_{part}"]] for part in (start, middle, end))
            whole = float(np.linalg.norm(second - first) + np.linalg.norm(third - second))
            share = float(np.linalg.norm(second - first)) / max(whole, 1e-9)
            low, high = SHARE[middle]
            if not low <= share <= high:
                doubts.append(f"{side}_{middle}: {skeleton.names[found[f'{side}_{middle}']]!r} is {share:.0%} of the way along its limb")
    for part in ("knee", "elbow"):
        left, right = (float(np.linalg.norm(skeleton.offsets[found[f"{side}_{part}"]])) for side in (LEFT, RIGHT))
        if abs(left - right) > 0.05 * max(left, right, 1e-9):
            doubts.append(f"{part}s: left and right differ in length by {abs(left - right) / max(left, right):.0%}")


def _unit(skeleton: Skeleton, found: dict[str, int], doubts: list[str]) -> tuple[float, str]:
    """Metres per unit and the axis that points up."""
    places, _ = rest_world(skeleton)
    feet = (places[found["left_ankle"]] + places[found["right_ankle"]]) / 2
    tall = places[found["head"]] - feet
    across = places[found["left_hip"]] - places[found["right_hip"]]
    up = "y" if abs(tall[1]) >= abs(tall[2]) else "z"
    if across[0] < 0.5 * float(np.linalg.norm(across)):
        doubts.append("the left hip is not on the +X side of the right one at rest: the rig faces another way, [t_pose] has to say how")
    legs = places[[found["left_knee"], found["right_knee"]]] - places[[found["left_hip"], found["right_hip"]]]
    down = -legs @ (np.array([0, 1, 0]) if up == "y" else np.array([0, 0, 1])) / np.maximum(np.linalg.norm(legs, axis=1), 1e-9)
    if np.arccos(np.clip(down, -1, 1)).max() > SLANT:
        doubts.append("the legs do not hang straight down at rest: [t_pose.degrees] or [t_pose.axes] has to say how the T-pose differs")
    if skeleton.in_metres:
        return 1.0, "y"
    up_to_head = float(np.linalg.norm(tall))
    unit = likeliest_unit(up_to_head)
    if not is_likely(up_to_head, unit):
        doubts.append(f"metres_per_unit: {unit} makes a figure {ABOVE * up_to_head * unit:.2f} m tall")
    return unit, up


def _depths(skeleton: Skeleton) -> list[int]:
    depths = [0] * len(skeleton)
    for joint, parent in enumerate(skeleton.parents[1:], start=1):
        depths[joint] = depths[parent] + 1
    return depths


def _line(skeleton: Skeleton, joint: int) -> list[int]:
    """A joint's ancestors and the joint, from the root."""
    line = [joint]
    while (parent := skeleton.parents[line[0]]) >= 0:
        line.insert(0, parent)
    return line


def _is_below(skeleton: Skeleton, joint: int, above: int) -> bool:
    return joint != above and above in _line(skeleton, joint)


def _between(skeleton: Skeleton, above: int, below: int) -> list[int]:
    """Joints strictly between two of one chain."""
    line = _line(skeleton, below)
    return line[line.index(above) + 1 : -1] if above in line else []


def _common(skeleton: Skeleton, joints: list[int]) -> int:
    """The last joint that is above or at all of them."""
    lines = [_line(skeleton, joint) for joint in joints]
    common = 0
    for level in zip(*lines, strict=False):
        if len(set(level)) == 1:
            common = level[0]
    return common
