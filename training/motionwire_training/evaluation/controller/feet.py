"""Feet on the ground: how fast planted ones slide, how deep they go, how high they float, and how hard the foot lock pulls.

A foot has two contact channels, heel and toe, at the joints CONTACT_JOINTS; it is down while one of them is above one half. The
same code measures recorded clips with the contacts that the network learns from.
"""

import numpy as np
from numpy.typing import NDArray

from motionwire.motion.contacts import CONTACT_JOINTS
from motionwire.motion.runs import runs_of
from motionwire.motion.skeleton import Skeleton
from motionwire_training.evaluation.controller.recording import Motion, Recording

Array = NDArray[np.floating]

DOWN = 0.5  # contact above which a foot is said to be down
LIFTED = 0.01  # m over where it rests at which a foot is off the ground, whoever has it down
POP_PERCENTILE = 99.9  # of the foot lock's added acceleration: it acts in few frames, and one frame is what is seen


def rest_heights(skeleton: Skeleton) -> NDArray[np.float64]:
    """Heights [4] of the contact joints over the ground in a canonical skeleton's standing pose, m."""
    standing = np.zeros(len(skeleton))
    for joint, parent in enumerate(skeleton.parents):
        standing[joint] = skeleton.offsets[joint][1] + (standing[parent] if parent >= 0 else 0)
    return standing[list(CONTACT_JOINTS)]


def skate(motion: Motion, contacts: Array) -> float:
    """Mean horizontal speed (cm/s) of the feet that are down; contacts [T, B, 4]. NaN where none ever is."""
    speeds = planted_speeds(motion, contacts)
    return 100 * float(speeds.mean()) if speeds.size else float("nan")


def planted_speeds(motion: Motion, contacts: Array) -> Array:
    """Horizontal speeds (m/s) [N] of the feet that are down; see `slides`."""
    return slides(motion.positions, contacts, motion.fps)


def slides(joints: Array, contacts: Array, fps: float) -> Array:
    """Horizontal speed (m/s) [N] of each foot in each frame in which it is down, at the joint it is surer to stand on: a foot rolls
    from heel to toe, and while it does, both channels are on and the ankle travels around the planted toe.

    joints [T, B, 22, 3] in the world, contacts [T, B, 4].
    """
    feet = joints[:, :, CONTACT_JOINTS][..., [0, 2]]
    speed = np.linalg.norm(np.gradient(feet, axis=0), axis=-1).reshape(*contacts.shape[:2], 2, 2) * fps
    sureness = contacts.reshape(speed.shape)
    stands_on = np.take_along_axis(speed, sureness.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    return stands_on[sureness.max(axis=-1) > DOWN]


def shown_contacts(recording: Recording) -> Array:
    """Contacts [T, B, 4] of the feet as they are shown: those told and, where a foot is told up that the network has down, the network's
    while its lower end is less than LIFTED over where it rests. A foot that the lock lifts for a step of its own does not slide; one that
    it lets go and that glides back over the ground does. (The made paths are level.)
    """
    feet = (*recording.contacts.shape[:2], 2, 2)  # left and right, heel and toe
    own, told = recording.contacts.reshape(feet), recording.told.reshape(feet)
    lift = (recording.shown.positions[:, :, CONTACT_JOINTS][..., 1] - rest_heights(recording.shown.skeleton)).reshape(feet)
    low = lift.min(axis=-1, keepdims=True) < LIFTED
    return np.where(told.max(axis=-1, keepdims=True) > DOWN, told, np.where(low, own, 0)).reshape(recording.contacts.shape)


def heights(motion: Motion, contacts: Array) -> dict[str, float]:
    """Depth of the lower toe under the ground (penetration) and height over their rest of joints that are down (float)."""
    feet = motion.positions[:, :, CONTACT_JOINTS][..., 1].astype(np.float64)
    depth = 100 * np.maximum(0, -feet.min(axis=-1))
    over = 100 * np.maximum(0, feet - rest_heights(motion.skeleton))[contacts > DOWN]
    return {
        "penetration_cm": float(depth.mean()),
        "penetration_p99_cm": float(np.percentile(depth, 99)),
        "float_cm": float(over.mean()) if over.size else 0.0,
        "float_p95_cm": float(np.percentile(over, 95)) if over.size else 0.0,
    }


def aloft(contacts: Array, fps: float) -> float:
    """The longest time (s) without a foot down, contacts [T, B, 4]: a network that glides over the ground skates nowhere."""
    nobody = contacts.max(axis=-1) <= DOWN
    return max((last - first for figure in nobody.T for first, last in runs_of(figure)), default=0) / fps


def foot_accelerations(motion: Motion) -> Array:
    """Accelerations [T - 2, B, 4, 3] of the contact joints, m/s2."""
    return np.diff(motion.positions[:, :, CONTACT_JOINTS].astype(np.float64), n=2, axis=0) * motion.fps**2


def feet(recording: Recording) -> dict[str, float]:
    """Skate of the network's own pose and as shown, penetration and float as shown, acceleration that the foot lock adds."""
    added = np.linalg.norm(foot_accelerations(recording.shown) - foot_accelerations(recording.raw), axis=-1)
    return {
        "foot_skate_cm_s": skate(recording.raw, recording.contacts),
        "shown_skate_cm_s": skate(recording.shown, shown_contacts(recording)),
        **heights(recording.shown, recording.contacts),
        "aloft_s": aloft(recording.contacts, recording.shown.fps),
        "added_acceleration_m_s2": float(np.percentile(added, POP_PERCENTILE)),
    }
