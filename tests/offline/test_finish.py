"""Cleaning, rates and rigs of clips that meet something: a loop still meets itself, what goes on from a motion still follows it."""

from typing import Any

import numpy as np
import pytest

from motionwire import rigs
from motionwire.generator.loop import rounds_of
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.offline.finish import at_rate, cleaned, on_rig
from motionwire.offline.order import Order
from synthetic import swaying_clip

PERIOD = 150  # frames at 30 fps after which joints and height are what they were


def ordered(**options: Any) -> Order:
    return Order(bundle="", folder="", extension=".bvh", **options)


def jolts(clip: Clip) -> np.ndarray:
    """How much the joints' places change their velocity at each frame but the first and last, m/s."""
    velocity = np.diff(clip.world()[0].astype(float), axis=0) * clip.fps
    return np.linalg.norm(np.diff(velocity, axis=0), axis=-1).max(axis=1)


@pytest.mark.parametrize(
    "options", [{"fps": 60.0}, {"fps": 24.0}, {"fps": 23.976}, {"smooth": "one-euro"}, {"smooth": "savitzky-golay"}, {"lock_feet": True}]
)
@pytest.mark.parametrize("turn", [0.0, 0.5])
def test_a_loop_still_meets_itself(options: dict[str, Any], turn: float) -> None:
    order = ordered(loop=True, **options)
    closed = swaying_clip(6.0, turn=turn).slice(0, PERIOD + 1)
    found = at_rate(cleaned(closed, order), order, None)
    frames = len(found) - 1
    assert frames == round(PERIOD * order.fps / 30 if order.fps else PERIOD)
    found_jolts = jolts(rounds_of(found))
    seams = [joint for seam in (frames, 2 * frames) for joint in range(seam - 3, seam + 2)]
    assert found_jolts[seams].max() <= 1.05 * np.delete(found_jolts, seams).max()


def test_a_loop_on_a_rig_is_its_frames_alone_and_its_root_goes_on_as_it_came() -> None:
    closed = swaying_clip(6.0, turn=0.5).slice(0, PERIOD + 1)
    rig = rigs.load("ue5")
    loop = on_rig(closed, ordered(loop=True), rig)
    assert len(loop) == PERIOD and loop.skeleton.names[0] == "root"
    assert len(on_rig(closed, ordered(loop=True), None)) == PERIOD
    longer = on_rig(swaying_clip(25.0, turn=0.5), ordered(), rig)  # the same round, far from where the motion ends
    here, there = loop.root_positions, longer.root_positions[2 * PERIOD : 3 * PERIOD]
    steps = [np.linalg.norm(np.diff(path, axis=0), axis=1) for path in (here, there)]
    np.testing.assert_allclose(steps[0], steps[1], atol=2e-4)


@pytest.mark.parametrize("fps", [20.0, 24.0, 25.0, 50.0, 60.0, 120.0])
@pytest.mark.parametrize("pose", [False, True])
def test_a_clip_is_as_long_at_any_rate(fps: float, pose: bool) -> None:
    clip = swaying_clip(2.0)
    found = at_rate(clip, ordered(fps=fps, past="a.bvh" if pose else None, pose=pose), clip if pose else None)
    assert (len(found), found.seconds) == (2 * fps, 2.0)
    np.testing.assert_array_equal(found.root_positions[0], clip.root_positions[0])
    assert jolts(found)[-4:].max() <= 1.05 * jolts(found)[:-4].max()
    assert len(at_rate(clip, ordered(fps=30.0), None)) == len(clip)


@pytest.mark.parametrize("fps", [24.0, 60.0, 120.0])
def test_what_goes_on_begins_a_frame_of_its_own_rate_later(fps: float) -> None:
    whole = swaying_clip(4.0, fps=240)
    past = whole.slice(0, 240)
    thirty = Clip(whole.skeleton, 30.0, whole.root_positions[239 + 8 :: 8], whole.rotations[239 + 8 :: 8])
    found = at_rate(thirty, ordered(fps=fps, past="before.bvh"), past)
    step = round(240 / fps)
    np.testing.assert_allclose(found.root_positions[0], whole.root_positions[239 + step], atol=2e-3)
    assert np.degrees(rot.angle_between(found.rotations[0], whole.rotations[239 + step])).max() < 0.5


@pytest.mark.parametrize("fps", [24.0, 60.0, 100.0])
def test_both_ends_of_an_in_between_stay(fps: float) -> None:
    clip = swaying_clip(1.3)
    found = at_rate(clip, ordered(fps=fps, past="a.bvh", target="b.bvh", pose=True), clip)
    for end in (0, -1):
        np.testing.assert_array_equal(found.root_positions[end], clip.root_positions[end])
    assert found.fps == fps and abs(found.seconds - clip.seconds) <= 1.5 / 24
