"""Mending what published mocap is known to get wrong, before a clip is judged.

Cut: a root that jumps further than anybody runs, or a whole body that does, ends one piece of motion and starts another (a
reference pose at the start, a lost body); the longest piece is kept. Bridge: where a limb is straight or overhead its twist is
ill-defined and solvers flip it for some frames, CMU's hips, ankles and wrists above all. Mostly the bone's direction in those frames is
right, so only the twist about the bone is replaced, interpolated from the frames around; where that leaves a flip, and for
joints without a bone of their own, the whole rotation is.
"""

import itertools
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINT_NAMES

Array = NDArray[np.floating]

TELEPORT = 15.0  # m/s of the pelvis; sprinters reach 12
BODY_JUMP = 700.0  # degrees/s of the middle one of all joints; CMU's leaping dancers reach 500, a T-pose let go 400 to 2200
START_JUMP = 350.0  # the same within START, where a reference pose stands if there is one, and little is lost without
START = 0.1  # s
FLIP_SPEED = 2700.0  # degrees/s of a joint that no recorded motion here reaches, within these steps per frame:
FLIP_STEP = (45.0, 90.0)  # degrees
GAP = 0.2  # s between two flips that belong together: there and back
LONGEST = 1.0  # s; beyond it the two flips are two
EASE = 0.05  # s on both sides over which a flip without return is spread

BONE_ENDS = {"hip": "knee", "knee": "ankle", "shoulder": "elbow", "elbow": "wrist"}
CHILD = {
    JOINT_NAMES.index(f"{side}_{joint}"): JOINT_NAMES.index(f"{side}_{end}")
    for side in ("left", "right")
    for joint, end in BONE_ENDS.items()
}


def longest_piece(clip: Clip) -> tuple[int, int]:
    """First frame and end of the longest piece of a canonical clip without a jump of its root or its body."""
    root = np.linalg.norm(np.diff(clip.root_positions, axis=0), axis=1) * clip.fps
    body = np.median(joint_steps(clip.rotations.astype(np.float64)), axis=1) * clip.fps
    limit = np.where(np.arange(len(body)) < START * clip.fps, START_JUMP, BODY_JUMP)
    jumps = np.flatnonzero((root > TELEPORT) | (body > limit))
    return max(itertools.pairwise([0, *(jumps + 1).tolist(), len(clip)]), key=lambda piece: piece[1] - piece[0])


def joint_steps(rotations: Array) -> Array:
    """Degrees [T - 1, J] that each joint turns from frame to frame."""
    return np.degrees(rot.angle_between(rotations[1:], rotations[:-1]))


def bridge_flips(clip: Clip) -> tuple[Clip, int]:
    """The canonical clip with flipped joints mended, and how many frames that touched."""
    limit = np.clip(FLIP_SPEED / clip.fps, *FLIP_STEP)
    rotations = clip.rotations.astype(np.float64)
    steps = joint_steps(rotations)
    touched: set[int] = set()
    for joint in np.flatnonzero((steps > limit).any(axis=0)).tolist():
        for run in runs_of(np.flatnonzero(steps[:, joint] > limit), clip.fps):
            before, after = frames_around(run, rotations[:, joint], clip.fps)
            bone = clip.skeleton.offsets[CHILD[joint]].astype(np.float64) if joint in CHILD else None
            rotations[before : after + 1, joint] = bridged(rotations[before : after + 1, joint], bone, float(limit))
            touched.update(range(before + 1, after))
    if not touched:
        return clip, 0
    return replace(clip, rotations=rotations.astype(np.float32)), len(touched)


def runs_of(flips: NDArray[np.intp], fps: float) -> list[list[int]]:
    """Flips that belong together; flip i is the step from frame i to i + 1."""
    runs: list[list[int]] = []
    for flip in flips.tolist():
        if runs and flip - runs[-1][-1] <= GAP * fps and flip - runs[-1][0] <= LONGEST * fps:
            runs[-1].append(flip)
        else:
            runs.append([flip])
    return runs


def frames_around(run: list[int], rotations: Array, fps: float) -> tuple[int, int]:
    """Last frame before and first frame after a run, further away where the joint did not come back and needs time to turn."""
    before, after = run[0], run[-1] + 1
    turn = np.degrees(rot.angle_between(rotations[before], rotations[after]))
    if turn / (after - before) * fps > FLIP_SPEED / 2:
        ease = max(1, round(EASE * fps))
        return max(0, before - ease), min(len(rotations) - 1, after + ease)
    return before, after


def bridged(rotations: Array, bone: Array | None, limit: float) -> Array:
    """Rotations [n, 4] of one joint with all between the first and the last interpolated.

    With a bone [3] only the twist about it is, unless a step of more than `limit` degrees would remain.
    """
    weights = np.linspace(0, 1, len(rotations))
    whole = rot.slerp(rotations[:1], rotations[-1:], weights)
    if bone is None:
        return whole
    axis = bone / np.linalg.norm(bone)
    swing = rot.between(axis, rot.rotate(rotations, np.broadcast_to(axis, (len(rotations), 3))))
    twist = rot.multiply(rot.inverse(swing), rotations)
    kept = rot.multiply(swing, rot.slerp(twist[:1], twist[-1:], weights))
    return whole if joint_steps(kept).max() > limit else kept
