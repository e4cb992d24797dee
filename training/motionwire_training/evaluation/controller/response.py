"""How soon a character does what the stick says: to half and nine tenths of a new velocity, to standing, to a new facing."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.layout import FPS, STAND_BELOW
from motionwire.motion import rotations as rot
from motionwire_training.evaluation.controller.following import ASKED
from motionwire_training.evaluation.controller.recording import Recording

Array = NDArray[np.floating]

CHANGED = 0.3  # m/s or rad by which a wish has to change from one frame to the next to count as a flip
AT_REST = STAND_BELOW[0]  # m/s of the root
TOE_AT_REST = 0.3  # m/s: feet of a figure that stands are not under way
REST_FRAMES = FPS // 2
TOES = [10, 11]
TURNED = np.radians(15.0)  # of the wished facing, at which a turn counts as done


def answer(recording: Recording) -> dict[str, float]:
    """After each change of the stick: seconds to 50 % and to 90 % of the velocity asked for (signed, along its direction), means over
    all changes, and the slowest; seconds until standing where it is let go. What is never reached counts whole."""
    half, most, stop = [], [], []
    toes = np.linalg.norm(np.gradient(recording.raw.positions[:, :, TOES], axis=0), axis=-1).max(axis=-1) * FPS
    slow = (np.linalg.norm(recording.velocities, axis=-1) < AT_REST) & (toes < TOE_AT_REST)
    for character in range(recording.asked.shape[1]):
        asked, velocity = recording.asked[:, character], recording.velocities[:, character]
        for first, last in stretches(asked):
            size = float(np.linalg.norm(asked[first]))
            if size > ASKED:
                along = velocity[first:last] @ asked[first] / size**2
                half.append(first_of(along >= 0.5))
                most.append(first_of(along >= 0.9))
            else:
                stop.append(first_of(lasting(slow[first:last, character])))
    out: dict[str, float] = {}
    if half:
        out |= {"response_s": float(np.mean(half)), "response_slowest_s": float(np.max(half)), "response_90_s": float(np.mean(most))}
    if stop:
        out |= {"stop_s": float(np.mean(stop)), "stop_slowest_s": float(np.max(stop))}
    return out


def turning(recording: Recording) -> dict[str, float]:
    """After each change of the wished facing: seconds until the root faces there, its error at the end, and how far it went meanwhile."""
    seconds, left, way = [], [], []
    for character in range(recording.facing.shape[1]):
        facing = recording.facing[:, character]
        for first, last in stretches(facing[:, None]):
            error = np.abs(rot.half_a_turn_at_most(recording.headings[first:last, character] - facing[first]))
            places = recording.places[first:last, character]
            seconds.append(first_of(error <= TURNED))
            left.append(np.degrees(error[-FPS // 2 :].mean()))
            way.append(100 * np.linalg.norm(places - places[0], axis=1).max())
    return {"turn_s": float(np.mean(seconds)), "turn_error_deg": float(np.max(left)), "turn_drift_cm": float(np.max(way))}


def stretches(asked: Array) -> list[tuple[int, int]]:
    """First frame of each change in the wish [T, N] and the frame of the next one; the wish at the beginning is no change."""
    changes = (np.flatnonzero(np.linalg.norm(np.diff(asked, axis=0), axis=-1) > CHANGED) + 1).tolist()
    return list(pairwise([*changes, len(asked)]))


def first_of(reached: NDArray[np.bool_]) -> float:
    """Seconds to the first True, all of the frames where there is none."""
    return float(reached.argmax() if reached.any() else len(reached)) / FPS


def lasting(still: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Frames from which `still` holds for REST_FRAMES, or to the end."""
    padded = np.concatenate((still, np.ones(REST_FRAMES, bool)))
    return np.convolve(~padded, np.ones(REST_FRAMES), "full")[REST_FRAMES - 1 : REST_FRAMES - 1 + len(still)] == 0
