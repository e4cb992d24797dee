"""Walks and runs steered by a player's stick: the path is the run time's own answer to sudden changes of the wish, as no recording has it.

Recorded figures turn about when it suits their step; a player's figure brakes and turns at once. Here a recorded walk is led along
such a path: the run time's springs (`motionwire.controller.path`) follow a stick that is turned every second or so, the figure turns with
the heading, and each planted foot keeps its place (`bending.along`).
"""

import numpy as np
from numpy.typing import NDArray

from motionwire.controller import layout
from motionwire.controller.encoding import root_track
from motionwire.controller.layout import TICK
from motionwire.controller.path import wrap
from motionwire.controller.root import limited
from motionwire.controller.settings import Settings
from motionwire.controller.springs import damping, spring
from motionwire.motion.clip import Clip
from motionwire_training.controller.bending import along, turned

SLOWEST = 0.4  # m/s, of a clip that goes somewhere
ASTRIDE = 0.5  # rad, the farthest a clip may travel from where it faces
HELD = (0.5, 1.8)  # s for which the stick is held
REVERSED = 0.25  # share of the stick's changes that turn it about
BRISK = 2.0  # m/s from which the stick turns by less: nobody brakes a run in a step
LARGEST_TURN = (np.pi, 1.8)  # rad, of the stick: below and from that speed


def steer(clip: Clip, rng: np.random.Generator) -> Clip | None:
    """The 60 fps canonical clip, with planted feet, on a path that a stick asks for; None where it stands or does not go ahead."""
    track = root_track(clip)
    velocities = track.velocities()
    speeds = np.linalg.norm(velocities, axis=1)
    speed = float(np.median(speeds))
    away = np.arctan2(velocities[:, 0], velocities[:, 1]) - track.headings
    if speed < SLOWEST or abs(np.angle(np.exp(1j * away).mean())) > ASTRIDE:
        return None
    velocity, heading = _answered(len(clip), speed, track.headings[0], rng)
    turn = heading - track.headings
    sway = np.diff(clip.root_positions[:, [0, 2]] - track.positions, axis=0, prepend=0.0)
    sway[0] = 0
    return along(clip, turned(velocity * TICK, -turn) + sway, np.diff(turn, prepend=turn[0]) * layout.FPS)


def _answered(frames: int, speed: float, heading: float, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Velocities [T, 2] (m/s) and headings [T] (rad, unwrapped) of a root that answers a stick of this speed as the run time's does."""
    settings = Settings()
    swing, largest = damping(settings.facing_halflife), LARGEST_TURN[int(speed >= BRISK)]
    course, left, turning = heading, 0, 0.0
    velocity, acceleration = speed * _towards(course), np.zeros(2)
    out, headings = np.empty((frames, 2)), np.empty(frames)
    for frame in range(frames):
        if left == 0:
            left = round(rng.uniform(*HELD) * layout.FPS)
            if frame > 0:
                size = largest if rng.random() < REVERSED else rng.uniform(0, largest)
                course += size * rng.choice([-1, 1])
        left -= 1
        share = min(float(np.linalg.norm(velocity)) / speed, 1.0)
        pace = damping(settings.start_halflife + share * (settings.velocity_halflife - settings.start_halflife))
        wish = speed * _towards(course)
        for axis in range(2):
            away, acceleration[axis] = spring(velocity[axis] - wish[axis], acceleration[axis], pace, TICK)
            velocity[axis] = wish[axis] + away
        behind = -limited(wrap(course - heading), settings.turn_limit)
        after, turning = spring(behind, turning, swing, TICK)
        heading += after - behind
        out[frame], headings[frame] = velocity, heading
    return out, headings


def _towards(course: float) -> NDArray[np.float64]:
    return np.array([np.sin(course), np.cos(course)])
