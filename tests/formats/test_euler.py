"""Euler angles against SciPy, in every order, gimbal lock included."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from motionwire.formats import euler

ORDERS = ["".join(axes) for axes in itertools.permutations("xyz")]


def agree(a: np.ndarray, b: np.ndarray, tolerance: float = 1e-7) -> bool:
    return bool(np.all(2 * np.arccos(np.clip(np.abs(np.sum(a * b, axis=-1)), 0, 1)) < tolerance))


@pytest.mark.parametrize("order", [*ORDERS, "x", "y", "z", "xy", "zx"])
def test_to_quaternion_is_scipys_intrinsic_order(order: str) -> None:
    angles = np.random.default_rng(1).uniform(-7, 7, (200, len(order)))
    expected = Rotation.from_euler(order.upper(), angles).as_quat()
    assert agree(euler.to_quaternion(angles, order), expected)


def test_no_axis_is_the_identity() -> None:
    np.testing.assert_array_equal(euler.to_quaternion(np.zeros((3, 0)), ""), [(0, 0, 0, 1)] * 3)


@given(
    angles=st.tuples(*[st.one_of(st.floats(-np.pi, np.pi), st.sampled_from([np.pi / 2, -np.pi / 2, np.pi / 2 - 1e-5, 0.0]))] * 3),
    order=st.sampled_from(ORDERS),
)
def test_there_and_back(angles: tuple[float, float, float], order: str) -> None:
    q = euler.to_quaternion(np.array(angles), order)
    assert agree(euler.to_quaternion(euler.from_quaternion(q, order), order), q, 3e-6)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("start", [0.0, 0.4])  # 30 steps to exactly a right angle, or past it
def test_turning_through_gimbal_lock_is_steady(order: str, start: float) -> None:
    """The middle axis alone, with a constant first and last angle: nothing but it moves, both ways through both locks."""
    there = np.radians(start + 3.0 * np.arange(300))
    turns = np.concatenate((there, there[::-1]))
    wanted = np.stack((np.full(600, 0.3), turns, np.full(600, -0.8)), axis=-1)
    found = euler.continuous(euler.from_quaternion(euler.to_quaternion(wanted, order), order), order)
    np.testing.assert_allclose(found, wanted, atol=1e-5)


@pytest.mark.parametrize("order", ORDERS)
def test_angles_of_many_joints_come_back_as_they_went(order: str) -> None:
    """Each joint's middle angle turns over and over, with its own speed, while the others sway."""
    random = np.random.default_rng(2)
    time = np.arange(400)[:, None] / 30
    sway, turns = (
        (0.3 * np.sin(random.uniform(0.5, 2, (2, 1, 20)) * time + random.uniform(0, 6, (2, 1, 20)))),
        random.uniform(-2, 2, 20) * time,
    )
    wanted = np.stack((sway[0], turns, sway[1]), axis=-1)
    found = euler.continuous(euler.from_quaternion(euler.to_quaternion(wanted, order), order), order)
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_a_motion_that_begins_in_gimbal_lock() -> None:
    wanted = np.stack((np.linspace(0, 1, 20), np.full(20, np.pi / 2), np.zeros(20)), axis=-1)
    found = euler.continuous(euler.from_quaternion(euler.to_quaternion(wanted, "zxy"), "zxy"), "zxy")
    assert agree(euler.to_quaternion(found, "zxy"), euler.to_quaternion(wanted, "zxy"), 3e-6)
    np.testing.assert_allclose(np.diff(found[:, 0]), 1 / 19, atol=1e-5)
