"""What the controller network's inputs and outputs hold, by name; training and runtime both read it from here.

The root is a point on the ground that moves smoothly under the figure, with a heading (`encoding.root_track`). Everything
below is in its frame: origin at the root, +Z along the heading, +X to the character's left; metres, seconds, radians.

    inputs   pose [B, 264]       the present pose
             trajectory [B, 60]  where the root was and shall be: 12 samples, 5/6 s back to 1 s ahead, 1/6 s apart
             gait [B, 3]         shares of stand, walk, run (`gait_of`)
             style [B, S]        one-hot, 0 = neutral
             phase [B, 1]        rad; 0 in the middle of the left stance, pi of the right one
    outputs  pose [B, 264]       the pose one frame (1/60 s) later, in the frame of the root then
             root_delta [B, 3]   dx, dz (m, in the present root's frame) and dyaw (rad) of the root over that frame
             trajectory [B, 30]  the 6 future samples, in the frame of the root then
             contacts [B, 4]     left heel, left toe, right heel, right toe, 0..1, one frame later
             phase_delta [B, 1]  rad over that frame
"""

import numpy as np
from numpy.typing import NDArray

from motionwire.motion.ramp import ramp
from motionwire.motion.skeleton import JOINTS

FPS = 60
TICK = 1 / FPS  # s

# Pose: offsets into the last axis.
POSITIONS = slice(0, JOINTS * 3)  # joint positions 22x3, m; y is the height over the ground
VELOCITIES = slice(JOINTS * 3, JOINTS * 6)  # joint velocities over the ground 22x3, m/s
ROTATIONS = slice(JOINTS * 6, JOINTS * 12)  # local rotations 22x6, first two rows of the matrix; the pelvis's without heading
POSE = JOINTS * 12

# Trajectory: 12 samples in, the 6 future ones out.
SAMPLE_STEP = FPS // 6  # frames
SAMPLE_FRAMES = np.arange(-5, 7) * SAMPLE_STEP
SAMPLES = len(SAMPLE_FRAMES)
PRESENT = 5
FUTURE = SAMPLES - PRESENT - 1
PAST_FRAMES = int(-SAMPLE_FRAMES[0])
FUTURE_FRAMES = int(SAMPLE_FRAMES[-1])
TRAJECTORY = SAMPLES * 5
FUTURE_TRAJECTORY = FUTURE * 5

GAITS = ("stand", "walk", "run")
CONTACTS = 4
NEUTRAL = "neutral"  # style 0, also what unlabelled data and the label "normal" mean

STAND_BELOW = (0.15, 0.45)  # m/s: wholly standing below the first, not at all above the second
RUN_ABOVE = (1.7, 2.3)  # m/s: no running below the first, only running above the second


def pack_trajectory(
    positions: NDArray[np.floating], directions: NDArray[np.floating], speeds: NDArray[np.floating]
) -> NDArray[np.floating]:
    """Samples' positions [..., N, 2] (x, z), facing directions [..., N, 2] (x, z) and speeds [..., N] as one vector [..., 5 N]."""
    lead = speeds.shape[:-1]
    return np.concatenate((positions.reshape(*lead, -1), directions.reshape(*lead, -1), speeds), axis=-1)


def unpack_trajectory(
    trajectory: NDArray[np.floating],
) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    """Positions [..., N, 2], directions [..., N, 2] and speeds [..., N] of a trajectory vector [..., 5 N]."""
    count = trajectory.shape[-1] // 5
    lead = trajectory.shape[:-1]
    return (
        trajectory[..., : 2 * count].reshape(*lead, count, 2),
        trajectory[..., 2 * count : 4 * count].reshape(*lead, count, 2),
        trajectory[..., 4 * count :],
    )


def gait_of(speeds: NDArray[np.floating]) -> NDArray[np.floating]:
    """Shares of stand, walk, run [..., 3] from the speeds [..., N] (m/s) of the present and future samples: by their mean."""
    speed = speeds.mean(axis=-1)
    stand = 1 - ramp(speed, STAND_BELOW)
    run = ramp(speed, RUN_ABOVE)
    return np.stack((stand, 1 - stand - run, run), axis=-1)
