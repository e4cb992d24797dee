"""The named layout: packing round trips, the gait's shares, and that no two parts of a pose overlap."""

import numpy as np

from motionwire.controller import layout


def test_trajectory_round_trip() -> None:
    rng = np.random.default_rng(0)
    for samples in (layout.SAMPLES, layout.FUTURE):
        parts = rng.normal(size=(3, samples, 2)), rng.normal(size=(3, samples, 2)), rng.normal(size=(3, samples))
        packed = layout.pack_trajectory(*parts)
        assert packed.shape == (3, 5 * samples)
        for back, part in zip(layout.unpack_trajectory(packed), parts, strict=True):
            np.testing.assert_array_equal(back, part)


def test_pose_parts_cover_the_vector_once() -> None:
    covered = np.zeros(layout.POSE, int)
    for part in (layout.POSITIONS, layout.VELOCITIES, layout.ROTATIONS):
        covered[part] += 1
    assert (covered == 1).all()


def test_samples_are_a_sixth_of_a_second_apart_around_the_present() -> None:
    assert layout.SAMPLE_FRAMES[layout.PRESENT] == 0
    assert (np.diff(layout.SAMPLE_FRAMES) == 10).all()
    assert layout.FUTURE_FRAMES == 60


def test_gait_follows_the_speed() -> None:
    speeds = np.repeat(np.array([[0.0], [1.2], [3.5]]), 7, axis=1)
    np.testing.assert_allclose(layout.gait_of(speeds), np.eye(3))
    between = layout.gait_of(np.linspace(0, 4, 50)[:, None])
    np.testing.assert_allclose(between.sum(axis=1), 1)
    assert (between >= -1e-12).all()
