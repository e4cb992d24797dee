"""Ends that fit: a start that goes on from a motion, an end that goes over into one; nothing jumps, steps keep their lengths."""

from dataclasses import replace

import numpy as np
import pytest

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.moved import ORIGIN, moved, spot_of
from motionwire.motion.seams import arriving, followed, going_on
from motionwire.motion.skeleton import JOINT_NAMES
from synthetic import swaying_clip, walking_clip

ELSEWHERE = (np.array([3.0, -2.0]), 1.2)


def bent(clip: Clip, degrees: float, joints: slice = slice(1, None)) -> Clip:
    """Each joint turned by so much about an axis of its own."""
    axes = rot.normalize(np.random.default_rng(0).normal(size=(22, 3)))
    extra = np.concatenate((np.sin(np.radians(degrees) / 2) * axes, np.full((22, 1), np.cos(np.radians(degrees) / 2))), axis=1)
    rotations = clip.rotations.astype(np.float64)
    rotations[:, joints] = rot.multiply(extra[joints], rotations[:, joints])
    return replace(clip, rotations=rotations)


def largest_change_of_speed(clip: Clip) -> tuple[float, float]:
    """Of the root in m/s and of any joint in degrees/s, from frame to frame."""
    root = np.diff(clip.root_positions.astype(np.float64), 2, axis=0) * clip.fps
    turning = rot.angular_velocity(clip.rotations.astype(np.float64), clip.fps)[:-1]
    return float(np.linalg.norm(root, axis=1).max()), float(np.degrees(np.linalg.norm(np.diff(turning, axis=0), axis=-1).max()))


def both(before: Clip, after: Clip) -> Clip:
    return replace(
        before,
        root_positions=np.concatenate((before.root_positions, after.root_positions)),
        rotations=np.concatenate((before.rotations, after.rotations)),
    )


def test_a_clip_is_carried_over_the_ground() -> None:
    clip = swaying_clip(1.0, turn=0.5)
    there = moved(clip, spot_of(clip, 10), ELSEWHERE)
    place, heading = spot_of(there, 10)
    np.testing.assert_allclose(place, ELSEWHERE[0], atol=1e-5)
    assert heading == pytest.approx(1.2, abs=1e-5)
    back = moved(there, ELSEWHERE, spot_of(clip, 10))
    np.testing.assert_allclose(back.root_positions, clip.root_positions, atol=1e-5)
    assert np.degrees(rot.angle_between(back.rotations, clip.rotations).max()) < 0.1


def test_a_steady_motion_is_followed_as_it_came() -> None:
    clip = swaying_clip(1.0, turn=0.5)
    longer = followed(clip.slice(0, 20), 2)
    assert len(longer) == 22
    np.testing.assert_allclose(longer.root_positions[20], clip.root_positions[20], atol=0.01)
    assert np.degrees(rot.angle_between(longer.rotations[20], clip.rotations[20]).max()) < 1
    held = followed(clip.slice(0, 1), 3)
    assert len(held) == 4 and np.array_equal(held.rotations[0], held.rotations[3])


def test_a_start_goes_on_from_the_motion_before() -> None:
    whole = swaying_clip(4.0)
    before, after = whole.slice(0, 60), whole.slice(60)
    same = going_on(before, after)
    # It does go on already; inertialisation adds what linear prediction misses, and no more.
    assert np.abs(same.root_positions - after.root_positions).max() < 0.01
    jumps = bent(after, 25.0)
    jumps = replace(jumps, root_positions=jumps.root_positions + np.array([0.1, 0.05, 0.2], np.float32))
    fits = going_on(before, jumps)
    predicted = followed(before, 1)
    assert np.linalg.norm(fits.root_positions[0] - predicted.root_positions[-1]) < 0.01
    assert np.degrees(rot.angle_between(fits.rotations[0], predicted.rotations[-1]).max()) < 3
    np.testing.assert_allclose(fits.root_positions[40:], jumps.root_positions[40:], atol=1e-3)
    assert np.degrees(rot.angle_between(fits.rotations[40:], jumps.rotations[40:]).max()) < 0.2
    ours, cut = (largest_change_of_speed(both(before, clip)) for clip in (fits, jumps))
    assert ours[0] < 0.2 * cut[0] and ours[1] < 0.5 * cut[1]


def test_a_joint_that_was_quick_is_stopped_before_it_swings_far() -> None:
    """An elbow that turned by 10 degrees a frame goes on into a clip in which it rests: it keeps its speed for a moment only."""
    still = swaying_clip(1.0)
    elbow = JOINT_NAMES.index("left_elbow")
    turns = still.rotations.astype(np.float64)
    turns[:, elbow] = (0, 0, 0, 1)
    rest = replace(still, rotations=turns)
    spun = turns.copy()
    spun[:, elbow] = rot.exp(np.radians(10.0) * np.arange(1 - len(still), 1)[:, None] * np.array([1.0, 0, 0]))
    made = going_on(replace(still, rotations=spun), rest)
    angle = np.degrees(rot.log(made.rotations[:, elbow].astype(np.float64))[:, 0])
    np.testing.assert_allclose(angle[0], 10, atol=0.1)  # the turn goes on
    assert angle.max() < 14 and abs(angle[5:]).max() < 0.1  # 21 degrees, were it stopped in as many frames as a slow one


def test_a_clip_may_go_on_from_a_pose() -> None:
    pose, clip = swaying_clip(0.1).slice(0, 1), bent(swaying_clip(1.0), 20.0)
    fits = going_on(pose, clip)
    assert np.degrees(rot.angle_between(fits.rotations[0], pose.rotations[0]).max()) < 3
    single = clip.slice(0, 1)
    assert going_on(pose, single) is single


@pytest.mark.parametrize("turn", [0.0, 0.4])
def test_an_end_goes_over_into_what_follows(turn: float) -> None:
    whole = swaying_clip(4.0, turn=turn)
    target = whole.slice(90, 100)
    wrong = bent(swaying_clip(3.0 + 2 / 30, speed=0.9, turn=turn - 0.1), 20.0)
    made = arriving(wrong, target)
    assert len(made) == 90
    ours = largest_change_of_speed(both(made, target))
    usual, cut = (
        largest_change_of_speed(both(wrong, wrong.slice(0, 1)).slice(0, 92)),
        largest_change_of_speed(both(wrong.slice(0, 90), target)),
    )
    assert ours[0] < 0.2 * cut[0] and ours[0] < usual[0] + 0.15
    assert ours[1] < usual[1] + 60 and cut[1] > 500
    np.testing.assert_allclose(followed(made, 1).root_positions[-1], target.root_positions[0], atol=0.01)
    assert np.degrees(rot.angle_between(followed(made, 1).rotations[-1], target.rotations[0]).max()) < 3
    # Where it began nothing has changed yet.
    assert np.linalg.norm(made.root_positions[0] - wrong.root_positions[0]) < 0.01
    assert np.degrees(rot.angle_between(made.rotations[0], wrong.rotations[0]).max()) < 0.5


@pytest.mark.parametrize("heading", [3.135, -3.135])
def test_headings_that_are_missing_by_half_a_turn_make_no_whole_ones(heading: float) -> None:
    """Between the target's two frames the missing heading passes half a turn, where it changes its sign."""
    clip, target = (swaying_clip(3.0).slice(0, frames) for frames in (62, 2))
    turning = rot.from_yaw(heading + np.copysign(0.02, heading) * np.arange(2)).astype(np.float32)
    target = replace(target, rotations=np.concatenate((turning[:, None], target.rotations[:, 1:]), axis=1))
    straight = replace(clip, rotations=np.concatenate((np.tile(rot.IDENTITY, (62, 1, 1)), clip.rotations[:, 1:]), axis=1))
    turned = np.abs(np.diff(np.unwrap(rot.yaw_of(arriving(straight, target).rotations[:, 0]))))
    assert turned.sum() == pytest.approx(np.pi, abs=0.1)


def test_an_end_takes_up_the_speed_of_what_follows() -> None:
    """A still figure arrives in one that walks a curve, rises and swings an elbow: its last step is as large as the next one."""
    still = swaying_clip(0.1).slice(0, 1)
    clip = followed(still, 61)
    step = np.arange(2)[:, None]
    turns = np.repeat(still.rotations.astype(np.float64), 2, axis=0)
    elbow = JOINT_NAMES.index("left_elbow")
    turns[:, elbow] = rot.multiply(rot.exp(np.radians(8.0) * step * np.array([1.0, 0, 0])), turns[:, elbow])
    turns[:, 0] = rot.multiply(rot.from_yaw(np.radians(3.0) * step[:, 0]), turns[:, 0])
    target = replace(still, root_positions=still.root_positions + step * np.array([0.02, 0.01, 0.05], np.float32), rotations=turns)
    whole = both(arriving(clip, target), target)
    steps = np.diff(whole.root_positions[-3:], axis=0)
    np.testing.assert_allclose(steps[0], steps[1], rtol=0.2)
    for joint, degrees in ((elbow, 8.0), (0, 3.0)):
        turned = np.degrees(rot.angle_between(whole.rotations[1:, joint], whole.rotations[:-1, joint])[-2:])
        np.testing.assert_allclose(turned, degrees, rtol=0.2)


def test_who_begins_to_turn_goes_where_the_body_faces() -> None:
    """A straight walk arrives in a narrow curve: its last steps are bent with the heading."""
    walk, curve = walking_clip(62 / 30, speed=1.5), walking_clip(1.0, speed=1.5, turn=np.radians(5.0) * 30)
    target = moved(curve, ORIGIN, spot_of(walk, 60))
    made = arriving(walk, target)
    steps = np.diff(both(made, target).root_positions[: len(made) + 1], axis=0)
    course, headings = np.arctan2(steps[:, 0], steps[:, 2]), rot.yaw_of(made.rotations[:, 0])
    assert np.degrees(np.abs(course - headings)).max() < 4
    assert np.degrees(np.abs(headings)).max() > 5, "nothing to follow"


def test_what_arrives_already_is_left_alone() -> None:
    whole = swaying_clip(3.0, turn=0.3)
    made = arriving(whole.slice(0, 62), whole.slice(60, 70))
    np.testing.assert_allclose(made.root_positions, whole.root_positions[:60], atol=1e-4)
    assert np.degrees(rot.angle_between(made.rotations, whole.rotations[:60]).max()) < 0.1


def test_one_pose_is_arrived_at_with_the_clips_own_velocity() -> None:
    clip, pose = swaying_clip(2.0), moved(bent(swaying_clip(0.1), 15.0), ORIGIN, (np.array([0.3, 2.2]), 0.5)).slice(0, 1)
    made = followed(arriving(clip, pose), 1)
    np.testing.assert_allclose(made.root_positions[-1], pose.root_positions[0], atol=0.01)
    assert np.degrees(rot.angle_between(made.rotations[-1], pose.rotations[0]).max()) < 3


def test_who_stands_first_is_not_shifted_while_standing() -> None:
    """The shift happens where the body moves: feet on the ground would slide else."""
    walk = walking_clip(2.0)
    stands = np.zeros(60, int)
    rows = np.concatenate((stands, np.arange(60)))
    clip = replace(walk, root_positions=walk.root_positions[rows], rotations=walk.rotations[rows])
    target = followed(clip, 1).slice(-1)
    target = replace(target, root_positions=target.root_positions + np.array([0, 0, 0.4], np.float32))
    shift = arriving(followed(clip, 2), target).root_positions - clip.root_positions
    assert shift[59, 2] < 0.03 and shift[-1, 2] > 0.38
