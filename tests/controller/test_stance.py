"""Who comes to rest with feet that overlap or are far apart, or on a toe, steps until he stands well, and then no more."""

import numpy as np
import pytest

from controller.test_foot_lock import Figure
from motionwire.controller.layout import TICK
from motionwire.controller.stance import HEEL_RESTS, HEEL_UP, PATIENCE, SHOE, TOE_RESTS, WIDEST, apart
from motionwire.motion import rotations as rot

FEET = np.array([[0.0, 0.0], [0.0, 0.13]])


@pytest.mark.parametrize(
    ("other", "distance"),
    [
        (FEET + np.array([0.2, 0.05]), 0.2),
        (FEET + np.array([0.0, 0.23]), 0.1),
        (np.array([[-0.05, 0.05], [0.05, 0.06]]), 0.0),
        (np.array([[0.03, 0.06], [0.2, 0.06]]), 0.03),
    ],
)
def test_feet_are_apart_over_the_ground(other: np.ndarray, distance: float) -> None:
    assert apart(FEET, other) == pytest.approx(distance)
    assert apart(other, FEET) == pytest.approx(distance)


def stand(figure: Figure, contacts: list[float]) -> tuple[np.ndarray, int]:
    """Hips, knees, ankles and toes [2, 4, 3] in the end, and how many steps were begun, all in the first half of 12 s, one at a time."""
    begun, before = 0, np.zeros(2, bool)
    for frame in range(720):
        shown = figure.show((0, 0, 0), contacts)
        stepping = figure.feet["stepping"][0] > 0
        assert stepping.sum() < 2
        assert frame < 360 or not stepping.any()
        begun, before = begun + int((stepping & ~before).sum()), stepping
    return shown, begun


def test_feet_held_across_each_other_step_apart_and_no_more() -> None:
    figure = Figure()
    figure.show((0, 0, 0), [1] * 4)
    held = figure.feet["place"][0]
    held[1] = held[0] + [0.02, 0.0]
    shown, begun = stand(figure, [1] * 4)
    assert apart(*shown[:, 2:, ::2]) > SHOE
    assert begun <= 2


def test_feet_left_far_apart_come_nearer_in_one_step() -> None:
    figure = Figure()  # with a stride of 52 cm
    shown, begun = stand(figure, [1] * 4)
    assert np.linalg.norm(np.diff(shown[:, 2, ::2], axis=0)) < WIDEST
    assert begun == 1


def test_a_foot_left_on_its_toe_is_set_down_and_stays() -> None:
    figure = Figure(12)  # the right one is in the air
    figure.rotations[:, 8] = rot.multiply(figure.rotations[:, 8], rot.from_axis_angle([1.0, 0, 0], 0.56))
    network = figure.show((0, 0, 0), [0] * 4)
    assert network[1, 2, 1] - HEEL_RESTS > HEEL_UP > network[1, 3, 1] - TOE_RESTS
    shown, begun = stand(figure, [1, 1, 0, 1])
    assert (np.abs(shown[:, 2, 1] - HEEL_RESTS) < HEEL_UP).all()
    assert begun == 1


def test_who_only_pauses_goes_on_from_where_he_is() -> None:
    figure = Figure()
    for _ in range(round(0.9 * PATIENCE / TICK)):
        figure.show((0, 0, 0), [1] * 4)
        assert (figure.feet["stepping"] == 0).all()
