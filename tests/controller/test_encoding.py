"""The smooth root, pose vectors and trajectory samples of a clip."""

import numpy as np
import pytest

from motionwire.controller import layout
from motionwire.controller.encoding import encode, extend, local_samples, root_track
from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from synthetic import walking_clip


def test_pose_vectors_give_the_clip_back() -> None:
    clip = walking_clip(2.0, fps=60.0, turn=0.7)
    poses, track = encode(clip)
    world, _ = clip.world()
    local = poses[:, layout.POSITIONS].reshape(len(clip), 22, 3).astype(np.float64)
    back = rot.rotate(rot.from_yaw(track.headings)[:, None], local)
    back[..., [0, 2]] += track.positions[:, None]
    np.testing.assert_allclose(back, world, atol=1e-4)
    rotations = rot.from_6d(poses[:, layout.ROTATIONS].reshape(len(clip), 22, 6))
    rotations[:, 0] = rot.multiply(rot.from_yaw(track.headings).astype(np.float32), rotations[:, 0])
    assert np.degrees(rot.angle_between(rotations, clip.rotations)).max() < 0.05


def test_root_follows_a_straight_walk_at_its_speed() -> None:
    track = root_track(walking_clip(3.0, fps=60.0, speed=1.3))
    np.testing.assert_allclose(track.velocities(), np.tile([0.0, 1.3], (180, 1)), atol=1e-3)
    np.testing.assert_allclose(track.headings, 0, atol=1e-4)


def test_velocities_are_over_the_ground() -> None:
    poses, _ = encode(walking_clip(2.0, fps=60.0, speed=1.3))
    pelvis = poses[:, layout.VELOCITIES][:, :3]
    np.testing.assert_allclose(pelvis, np.tile([0.0, 0.0, 1.3], (120, 1)), atol=1e-3)


def test_extension_continues_a_circle() -> None:
    whole = root_track(walking_clip(4.0, fps=60.0, speed=1.0, turn=0.8))
    inner = type(whole)(whole.positions[60:180], whole.headings[60:180])
    longer = extend(inner, 30, 30)
    assert len(longer.headings) == 180
    np.testing.assert_allclose(longer.positions, whole.positions[30:210], atol=0.02)
    np.testing.assert_allclose(longer.headings, whole.headings[30:210], atol=0.02)


def test_local_samples_turn_the_world_into_the_roots_frame() -> None:
    heading = np.array([np.pi / 2])  # faces +X
    positions, directions = local_samples(np.array([[[3.0, 1.0]]]), np.array([[np.pi]]), np.array([[1.0, 1.0]]), heading)
    np.testing.assert_allclose(positions, [[[0.0, 2.0]]], atol=1e-12)
    np.testing.assert_allclose(directions, [[[1.0, 0.0]]], atol=1e-12)


def test_other_frame_rates_are_refused() -> None:
    with pytest.raises(InputError, match="60 frames a second"):
        root_track(walking_clip(1.0, fps=30.0))
