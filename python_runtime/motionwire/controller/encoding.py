"""A canonical clip as the controller sees it: a smooth root on the ground, pose vectors in its frame, trajectory samples.

The root is the pelvis's ground position and the body's facing (across hips and shoulders), both low-passed, so that the sway
of the stride stays in the pose and the root follows the path (the "simulation bone" of Holden's Learned Motion Matching).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motionwire.controller import layout
from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINT_NAMES

POSITION_SMOOTHING = 0.2  # s, Gaussian sigma
HEADING_SMOOTHING = 0.2  # s
EXTRAPOLATION_WINDOW = 12  # frames over which the motion at a clip's end is averaged

_LEFT_HIP, _RIGHT_HIP, _LEFT_SHOULDER, _RIGHT_SHOULDER = (
    JOINT_NAMES.index(name) for name in ("left_hip", "right_hip", "left_shoulder", "right_shoulder")
)


@dataclass(frozen=True, eq=False)
class RootTrack:
    """A root over T frames at 60 fps: positions float64 [T, 2] (x, z, m) and headings float64 [T] (rad, unwrapped)."""

    positions: NDArray[np.float64]
    headings: NDArray[np.float64]

    def velocities(self) -> NDArray[np.float64]:
        """Velocity over the ground [T, 2], m/s, by central differences."""
        if len(self.positions) < 2:
            return np.zeros_like(self.positions)
        return np.gradient(self.positions, axis=0) * layout.FPS


def root_track(clip: Clip) -> RootTrack:
    """The smooth root of a canonical 60 fps clip; raises InputError for any other clip."""
    require(clip)
    world, _ = clip.world()
    return _track(world.astype(np.float64))


def _track(world: NDArray[np.floating]) -> RootTrack:
    across = world[:, _LEFT_HIP] - world[:, _RIGHT_HIP] + world[:, _LEFT_SHOULDER] - world[:, _RIGHT_SHOULDER]
    heading = np.unwrap(np.arctan2(-across[:, 2], across[:, 0]))  # forward is across x up
    return RootTrack(
        _smooth(world[:, 0, [0, 2]], POSITION_SMOOTHING * layout.FPS), _smooth(heading[:, None], HEADING_SMOOTHING * layout.FPS)[:, 0]
    )


def _smooth(values: NDArray[np.floating], sigma: float) -> NDArray[np.float64]:
    """Gaussian along axis 0 that keeps the trend at both ends (point reflection there)."""
    margin = min(len(values) - 1, round(4 * sigma))
    padded = np.pad(values, ((margin, margin), (0, 0)), mode="reflect", reflect_type="odd") if margin else values
    return gaussian_filter1d(padded, sigma, axis=0, mode="nearest")[margin : margin + len(values)]


def encode(clip: Clip) -> tuple[NDArray[np.float32], RootTrack]:
    """Pose vectors float32 [T, 264] and the root track of a canonical 60 fps clip."""
    require(clip)
    return encode_placed(clip.world()[0], clip.rotations)


def encode_placed(world: NDArray[np.floating], rotations: NDArray[np.floating]) -> tuple[NDArray[np.float32], RootTrack]:
    """The same of joints [T, 22, 3] in the world (m) with their local rotations [T, 22, 4]."""
    world = world.astype(np.float64)
    track = _track(world)
    away = rot.from_yaw(-track.headings)[:, None]
    local = world.copy()
    local[:, :, [0, 2]] -= track.positions[:, None]
    velocities = np.gradient(world, axis=0) * layout.FPS if len(world) > 1 else np.zeros_like(world)
    rotations = rotations.astype(np.float64)
    rotations[:, 0] = rot.multiply(away[:, 0], rotations[:, 0])
    frames = len(world)
    out = np.empty((frames, layout.POSE), np.float32)
    out[:, layout.POSITIONS] = rot.rotate(away, local).reshape(frames, -1)
    out[:, layout.VELOCITIES] = rot.rotate(away, velocities).reshape(frames, -1)
    out[:, layout.ROTATIONS] = rot.to_6d(rotations).reshape(frames, -1)
    return out, track


def extend(track: RootTrack, before: int, after: int) -> RootTrack:
    """The track with frames added at both ends that go on at the speed and turning rate found there."""
    position, heading = track.positions, track.headings
    ahead_position, ahead_heading = _continue(position, heading, after)
    back_position, back_heading = _continue(position[::-1], heading[::-1], before)
    return RootTrack(
        np.concatenate((back_position[::-1], position, ahead_position)), np.concatenate((back_heading[::-1], heading, ahead_heading))
    )


def _continue(position: NDArray[np.float64], heading: NDArray[np.float64], count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    window = min(EXTRAPOLATION_WINDOW, len(position) - 1)
    if window == 0:
        return np.repeat(position[-1:], count, axis=0), np.repeat(heading[-1:], count)
    turn = (heading[-1] - heading[-1 - window]) / window
    travel = position[-1] - position[-1 - window]
    step = np.linalg.norm(travel) / window
    course = np.arctan2(travel[0], travel[1]) + turn * (window / 2 + np.arange(1, count + 1) - 0.5)
    moves = step * np.stack((np.sin(course), np.cos(course)), axis=-1)
    return position[-1] + np.cumsum(moves, axis=0), heading[-1] + turn * np.arange(1, count + 1)


def local_samples(
    positions: NDArray[np.floating], headings: NDArray[np.floating], origin: NDArray[np.floating], heading: NDArray[np.floating]
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """World samples [..., N, 2] and headings [..., N] seen from a root [..., 2] with heading [...]: positions and unit directions."""
    offset = positions - origin[..., None, :]
    sine, cosine = np.sin(heading)[..., None], np.cos(heading)[..., None]
    local = np.stack((cosine * offset[..., 0] - sine * offset[..., 1], sine * offset[..., 0] + cosine * offset[..., 1]), axis=-1)
    relative = headings - heading[..., None]
    return local, np.stack((np.sin(relative), np.cos(relative)), axis=-1)


def require(clip: Clip) -> None:
    """Raises InputError for a clip that is not canonical at 60 fps."""
    if not clip.skeleton.is_canonical or clip.translations is not None or abs(clip.fps - layout.FPS) > 1e-3:
        raise InputError(f"the controller needs canonical clips at {layout.FPS} frames a second", clip.name or None)
