"""How well a character goes where it is asked: distance from the path, heading, speed, and stretches in which nothing happens."""

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.layout import FPS
from motionwire.motion import rotations as rot
from motionwire.motion.runs import runs_of
from motionwire_training.evaluation.controller.recording import Recording

WARM_UP = 3 * FPS  # frames before a path is measured: the character begins standing
ASKED = 0.3  # m/s of the stick from which a character counts as asked to move
DEAD_SHARE = 1 / 3  # of the asked velocity along its direction, below which ...
DEAD_FRAMES = FPS // 2  # ... a character that goes on so for longer is dead


def path_error(recording: Recording) -> dict[str, float]:
    """Distance from the path after the warm-up (mean and 95th percentile, cm), and how far the root faces away from its direction."""
    path = recording.drive.path
    if path is None:
        return {}
    distance, direction = path.compare(recording.places[WARM_UP:])
    away = np.abs(rot.half_a_turn_at_most(recording.headings[WARM_UP:] - direction))
    return {
        "path_error_cm": 100 * float(distance.mean()),
        "path_error_p95_cm": 100 * float(np.percentile(distance, 95)),
        "heading_error_deg": float(np.degrees(away.mean())),
    }


def speed(recording: Recording) -> dict[str, float]:
    """Mean speed along the asked direction while the stick is out, after the warm-up, and its share of the asked one."""
    size = np.linalg.norm(recording.asked, axis=-1)
    out = size > ASKED
    out[: min(WARM_UP, len(out) // 2)] = False
    if not out.any():
        return {}
    got = (np.sum(recording.velocities * recording.asked, axis=-1) / np.maximum(size, 1e-6))[out].mean()
    asked = size[out].mean()
    return {"speed_m_s": float(got), "speed_share": float(got / asked)}


def dead(recording: Recording) -> dict[str, float]:
    """Frames, over all characters, in which one is dead; see `dead_frames`."""
    return {"dead_frames": float(dead_frames(recording.velocities, recording.asked))}


def dead_frames(velocity: NDArray[np.floating], asked: NDArray[np.floating]) -> int:
    """Frames of [T, B, 2] beyond the first DEAD_FRAMES of stretches in which less than DEAD_SHARE of the asked velocity happens.

    The velocity is signed, along the asked direction: who walks forward when asked to go back is dead.
    """
    size = np.linalg.norm(asked, axis=-1)
    share = np.sum(velocity * asked, axis=-1) / np.maximum(size, 1e-6) ** 2
    still = (size > ASKED) & ~(share >= DEAD_SHARE)  # not a number is dead as well
    return sum(max(0, last - first - DEAD_FRAMES) for column in still.T for first, last in runs_of(column))


def broken(recording: Recording) -> dict[str, float]:
    """Frames that are no figure on the ground: not a number, or a joint more than 10 cm below it or over 2.6 m above."""
    positions = recording.shown.positions
    low, high = positions[..., 1].min(axis=-1), positions[..., 1].max(axis=-1)
    return {"broken_frames": float(np.sum(~np.isfinite(positions).all(axis=(2, 3)) | (low < -0.1) | (high > 2.6)))}
