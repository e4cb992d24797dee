"""What the page knows before the runtime answers: about.json."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from motionwire.bundle import Bundle
from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import Skeleton

ARMS_DOWN = 1.25  # rad from the T-pose


@dataclass(frozen=True)
class Leg:
    """A part of the scripted stick: seconds, speed in m/s, turn in rad/s; acts: a sentence begins with it."""

    seconds: float
    speed: float = 0.0
    turn: float = 0.0
    acts: bool = False


def about(bundle: Bundle, others: Sequence[Bundle], sentences: Sequence[str], script: Sequence[Leg]) -> dict[str, object]:
    """bundle: the one that is served; others: that can be chosen instead; sentences: suggested to the user, and acted in turn by the
    script, one that occurs twice counts once."""
    skeleton = bundle.skeleton
    return {
        "bundle": bundle.name,
        "bundles": [_described(offered) for offered in (bundle, *others)],
        "sentences": list(dict.fromkeys(sentences)),
        "script": [asdict(leg) for leg in script],
        "skeleton": {"names": skeleton.names, "parents": skeleton.parents, "offsets": skeleton.offsets.ravel().tolist()},
        "standing": standing(skeleton),
    }


def _described(bundle: Bundle) -> dict[str, str]:
    return {"name": bundle.name, "version": bundle.manifest.version, "licence": bundle.licence_line}


def standing(skeleton: Skeleton) -> list[float]:
    """The first picture: root position and 22 quaternions of a figure that stands with its arms down."""
    rotations = np.tile(rot.IDENTITY, (len(skeleton), 1))
    for name, angle in (("left_shoulder", -ARMS_DOWN), ("right_shoulder", ARMS_DOWN)):
        rotations[skeleton.index(name)] = rot.from_axis_angle((0, 0, 1), angle)
    return [*skeleton.offsets[0].tolist(), *rotations.ravel().tolist()]
