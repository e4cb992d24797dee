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
