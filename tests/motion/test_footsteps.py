"""Footsteps: once per landing, left and right told apart, no chatter around the threshold."""

import numpy as np

from motionwire.motion.footsteps import Footsteps


def test_each_landing_once() -> None:
    feet = Footsteps(4)
    slots = np.array([3, 1])
    feet.reset(slots, np.array([[1, 1, 1, 1], [0, 0, 1, 1]], np.float32))
    heard = []
    left = [1.0, 0.55, 0.45, 0.55, 0.2, 0.0, 0.5, 0.59, 0.61, 0.5, 0.45, 0.61, 1.0]
    for contact in left:
        heard.append(feet.update(slots, np.array([[0, contact, 1, 1], [0, 0, 1, 1]], np.float32)))
    assert heard[8] == [(3, 0)]
    assert sum(len(events) for events in heard) == 1


def test_right_foot_and_heel_count() -> None:
    feet = Footsteps(1)
    feet.grow(2)
    slots = np.array([1])
    feet.reset(slots, np.zeros((1, 4), np.float32))
    assert feet.update(slots, np.array([[0, 0, 0.9, 0]], np.float32)) == [(1, 1)]
