"""Rotations against SciPy and against their own inverses."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from motionwire.motion import rotations as rot

seeds = st.integers(0, 2**32 - 1)


def quaternions(seed: int, count: int = 16) -> np.ndarray:
    return rot.normalize(np.random.default_rng(seed).normal(size=(count, 4)))


def same(a: np.ndarray, b: np.ndarray, tolerance: float = 1e-9) -> bool:
    return bool(rot.angle_between(a, b).max() < tolerance)


@settings(max_examples=50, deadline=None)
@given(seeds)
def test_products_and_vectors_agree_with_scipy(seed: int) -> None:
    a, b = quaternions(seed), quaternions(seed + 1)
    v = np.random.default_rng(seed).normal(size=(16, 3))
    assert same(rot.multiply(a, b), (Rotation.from_quat(a) * Rotation.from_quat(b)).as_quat())
    np.testing.assert_allclose(rot.rotate(a, v), Rotation.from_quat(a).apply(v), atol=1e-12)
    np.testing.assert_allclose(rot.to_matrix(a), Rotation.from_quat(a).as_matrix(), atol=1e-12)
    np.testing.assert_allclose(rot.log(a), Rotation.from_quat(a).as_rotvec(), atol=1e-9)


@settings(max_examples=50, deadline=None)
@given(seeds)
def test_conversions_round_trip(seed: int) -> None:
    q = quaternions(seed)
    assert same(rot.from_matrix(rot.to_matrix(q)), q)
    assert same(rot.from_6d(rot.to_6d(q)), q)
    assert same(rot.exp(rot.log(q)), q)


def test_6d_is_the_first_two_rows() -> None:
    q = quaternions(3)
    np.testing.assert_array_equal(rot.to_6d(q), rot.to_matrix(q)[:, :2].reshape(-1, 6))


def test_matrix_from_6d_makes_any_two_vectors_a_rotation() -> None:
    m = rot.matrix_from_6d(np.random.default_rng(0).normal(size=(100, 6)))
    np.testing.assert_allclose(m @ np.swapaxes(m, -1, -2), np.broadcast_to(np.eye(3), m.shape), atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(m), 1, atol=1e-12)


def test_from_matrix_near_half_turns() -> None:
    axes = rot.normalize(np.concatenate((np.eye(3), -np.eye(3), np.random.default_rng(1).normal(size=(20, 3)))))
    for angle in (np.pi, np.pi - 1e-7, 3.0):
        q = rot.exp(axes * angle)
        assert same(rot.from_matrix(rot.to_matrix(q)), q, 1e-7)


@settings(max_examples=50, deadline=None)
@given(seeds, st.floats(0, 1))
def test_slerp_moves_at_constant_speed_on_the_shorter_way(seed: int, t: float) -> None:
    a, b = quaternions(seed), quaternions(seed + 1)
    middle = rot.slerp(a, b, np.full(16, t))
    np.testing.assert_allclose(rot.angle_between(a, middle), t * rot.angle_between(a, b), atol=1e-6)


def test_yaw_faces_plus_z_and_turns_to_the_left() -> None:
    np.testing.assert_allclose(rot.rotate(rot.from_yaw(0.0), np.array([0.0, 0, 1])), [0, 0, 1])
    np.testing.assert_allclose(rot.rotate(rot.from_yaw(np.pi / 2), np.array([0.0, 0, 1])), [1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(rot.yaw_of(rot.from_yaw(np.linspace(-3, 3, 13))), np.linspace(-3, 3, 13), atol=1e-12)


def test_between_turns_one_vector_onto_the_other_even_when_opposite() -> None:
    a = rot.normalize(np.random.default_rng(5).normal(size=(50, 3)))
    b = rot.normalize(np.random.default_rng(6).normal(size=(50, 3)))
    b[:5] = -a[:5]
    np.testing.assert_allclose(rot.rotate(rot.between(a, b), a), b, atol=1e-7)


def test_continuous_keeps_the_rotation_and_one_hemisphere() -> None:
    q = rot.exp(np.linspace([0, 0, 0], [0, 9, 0], 200))
    q[::3] *= -1
    smooth = rot.continuous(q)
    assert (np.sum(smooth[1:] * smooth[:-1], axis=-1) > 0).all()
    assert same(smooth, q, 1e-7)


def test_angular_velocity_of_a_steady_turn() -> None:
    q = rot.from_axis_angle((0, 1, 0), np.arange(10) * 0.05)
    np.testing.assert_allclose(rot.angular_velocity(q, 60.0), np.tile([0, 3.0, 0], (10, 1)), atol=1e-9)
