"""Motion onto a rig: canonical clips to the joints, axes and proportions of any skeleton that a profile describes.

The way back of retarget.py: a canonical joint's world rotation C(t) is how far it has turned from the T-pose, so the rig's joint
that plays it stands at C(t) * G, G being its own rotation in a T-pose. Joints that play none (twist, roll, fingers, inverse
kinematics targets) keep their rest rotation under their parent. The path of the hips scales with the length of the legs.
"""

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.legs import legs_of, reach
from motionwire.motion.retarget import FEET, LEGS, TPose, fit_to, leg_height, t_pose
from motionwire.motion.rig import Rig
from motionwire.motion.skeleton import JOINT_NAMES, Skeleton, canonical
from motionwire.motion.trajectory import trajectory

Array = NDArray[np.floating]

EXACT = 1e-4  # m: feet that are as near as this stay as they are


def from_canonical(clip: Clip, rig: Rig, plant_feet: bool = True) -> Clip:
    """A canonical clip on a rig, in metres, Y up; raises InputError for any other clip.

    plant_feet: the legs bend so that each foot is where the source's was, scaled by the legs' length; without it the joints'
    rotations are the source's exactly, and feet of other proportions may float, sink or slide.
    """
    pose = t_pose(rig.skeleton, rig.profile)
    fitted = fit_to(clip, canonical(pose.offsets))
    if plant_feet:
        fitted = _feet_in_place(clip, fitted)
    roots, turned = (values.astype(np.float64) for values in (fitted.root_positions, fitted.world()[1]))
    local, translations = _on_skeleton(rig, pose, roots, turned, fitted)
    moving = np.abs(translations - rig.skeleton.offsets).max(axis=(0, 2))[1:] > EXACT
    return Clip(
        rig.skeleton,
        clip.fps,
        translations[:, 0],
        rot.continuous(rot.normalize(local)),
        translations if moving.any() else None,
        clip.name,
    )


def _on_skeleton(rig: Rig, pose: TPose, roots: Array, turned: Array, fitted: Clip) -> tuple[Array, Array]:
    """Local rotations [T, J, 4] and translations [T, J, 3], the root's being its place in the world."""
    skeleton, frames = rig.skeleton, len(roots)
    players = _players(rig)
    pelvis = skeleton.index(rig.profile.joints["pelvis"].joint)
    local = np.tile(skeleton.rest.astype(np.float64), (frames, 1, 1))
    translations = np.tile(skeleton.offsets.astype(np.float64), (frames, 1, 1))
    if rig.profile.root_motion and pelvis != 0:
        ground, heading = trajectory(fitted)
        translations[:, 0, ::2] = ground
        local[:, 0] = rot.multiply(rot.from_yaw(heading), skeleton.rest[0].astype(np.float64))
    world, places = local.copy(), translations.copy()
    for joint, parent in enumerate(skeleton.parents):
        if joint in players:
            world[:, joint] = rot.multiply(turned[:, players[joint]], pose.rotations[players[joint]].astype(np.float64))
        elif parent >= 0:
            world[:, joint] = rot.multiply(world[:, parent], local[:, joint])
        if joint == pelvis:
            places[:, joint] = roots - rot.rotate(world[:, joint], pose.points[0].astype(np.float64))
            back = places[:, joint] if parent < 0 else rot.rotate(rot.inverse(world[:, parent]), places[:, joint] - places[:, parent])
            translations[:, joint] = back
        elif parent >= 0:
            places[:, joint] = places[:, parent] + rot.rotate(world[:, parent], translations[:, joint])
        if parent >= 0:
            local[:, joint] = rot.multiply(rot.inverse(world[:, parent]), world[:, joint])
        else:
            local[:, joint] = world[:, joint]
    return local, translations


def _players(rig: Rig) -> dict[int, int]:
    """Joint of the skeleton -> the canonical joint that it plays: the last on its way out, but a foot does not bend like its toes."""
    order = [*(joint for joint in FEET), *(joint for joint in range(len(JOINT_NAMES)) if joint not in FEET)]
    return {rig.skeleton.index(rig.profile.joints[JOINT_NAMES[joint]].joint): joint for joint in order}


def _feet_in_place(clip: Clip, fitted: Clip) -> Clip:
    """The fitted clip with its ankles and toes as high, and its ankles where, the source's are times the ratio of the legs."""
    source, own = clip.skeleton, fitted.skeleton
    ratio = leg_height(own) / leg_height(source)
    joints = legs_of(clip.root_positions.astype(np.float64), clip.rotations.astype(np.float64), source.offsets.astype(np.float64))[0]
    roots, rotations = fitted.root_positions.astype(np.float64), fitted.rotations.astype(np.float64)
    reached, worlds = legs_of(roots, rotations, own.offsets.astype(np.float64))
    wanted = joints[:, :, 2:] * ratio  # [T, foot, ankle or toe, 3]
    wanted[..., 1] += _standing(own) - _standing(source) * ratio
    foot = reached[:, :, 3] - reached[:, :, 2]
    target = wanted[:, :, 0]
    target[..., 1] = np.maximum(target[..., 1], wanted[:, :, 1, 1] - foot[..., 1])  # neither heel nor toe goes under the ground
    offset = target - reached[:, :, 2]
    offset[np.linalg.norm(offset, axis=-1) < EXACT] = 0
    bent = reach(reached, worlds, rotations, offset)
    for side, leg in enumerate(LEGS):
        as_it_was = np.ix_((offset[:, side] == 0).all(axis=-1), leg[:-1])
        bent[as_it_was] = rotations[as_it_was]
    return Clip(own, fitted.fps, fitted.root_positions, rot.normalize(bent), name=fitted.name)


def _standing(skeleton: Skeleton) -> Array:
    """Heights [2, 2] of left and right ankle and toe in the rest pose."""
    offsets = skeleton.offsets[:, 1].astype(np.float64)
    ankles = np.array([offsets[[0, 1, 4, 7]].sum(), offsets[[0, 2, 5, 8]].sum()])
    return np.stack((ankles, ankles + offsets[list(FEET)]), axis=1)
