"""An act on its own: chunks at 60 Hz, the prompt of a first and of a queued sentence, where it takes up."""

import numpy as np
import pytest

from motionwire.acting import PROMPT, Act, doubled
from motionwire.generator.integrate import Integrator
from motionwire.motion import features
from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import REFERENCE
from synthetic import walking_clip

WALK = walking_clip(4.0, 30.0, turn=0.7)
VALUES = features.encode(WALK)


def act(after: Act | None = None) -> Act:
    past = (WALK.root_positions[: PROMPT + 1], WALK.rotations[: PROMPT + 1])
    return Act("a walk", 0, None, 1, past, REFERENCE, after)


def as_made(values: np.ndarray) -> np.ndarray:
    """The features of these with standing feet on the ground."""
    return Integrator().add(values).features


def test_chunks_go_on_from_each_other() -> None:
    whole, pieces = Integrator().add(VALUES), Integrator()
    parts = [pieces.add(VALUES[start : start + 4]) for start in range(0, len(VALUES), 4)]
    np.testing.assert_allclose(np.concatenate([part.root_positions for part in parts]), whole.root_positions, atol=1e-4)
    turns = rot.angle_between(np.concatenate([part.rotations for part in parts]), whole.rotations)
    assert turns.max() < 2e-3


def test_between_two_frames_stands_their_middle() -> None:
    integrator, frames, last = Integrator(), [], None
    for start in (0, 4, 8):
        motion = integrator.add(VALUES[start : start + 4])
        frames += doubled(motion, last)
        last = frames[-1]
    roots, rotations = np.stack([frame.root for frame in frames]), np.stack([frame.rotations for frame in frames])
    assert len(frames) == 23
    np.testing.assert_allclose(roots[1::2], (roots[:-1:2] + roots[2::2]) / 2, atol=1e-6)
    np.testing.assert_allclose(
        rot.angle_between(rotations[1::2], rotations[:-1:2]), rot.angle_between(rotations[1::2], rotations[2::2]), atol=2e-3
    )


def test_the_prompt_is_the_second_that_was_shown() -> None:
    history = act().history()
    assert history.shape == (PROMPT, features.DIM)
    # Exact but for the contacts, which look at the frames around them.
    np.testing.assert_allclose(history[:, :272], VALUES[1 : PROMPT + 1, :272], atol=1e-4)


def test_a_queued_sentence_goes_on_from_the_end_of_the_one_before() -> None:
    first = act()
    second = act(after=first)
    assert first.is_ready() and not second.is_ready()
    first.history()
    for start in range(40, 80, 4):
        first.add(VALUES[start : start + 4])
    first.finish("")
    assert second.is_ready()
    np.testing.assert_allclose(second.history(), as_made(VALUES[40:80])[-PROMPT:], atol=1e-6)


def test_after_a_short_sentence_the_prompt_reaches_back_beyond_it() -> None:
    first = act()
    shown = first.history()
    first.add(VALUES[40:44])
    first.finish("")
    np.testing.assert_allclose(act(after=first).history(), np.concatenate((shown[4:], as_made(VALUES[40:44]))), atol=1e-6)


@pytest.mark.parametrize("error", ["", "no such words"])
def test_after_a_sentence_that_never_began_the_prompt_is_what_was_shown(error: str) -> None:
    first = act()
    first.finish(error)
    np.testing.assert_array_equal(act(after=first).history(), act().history())


def test_a_chain_of_sentences_keeps_none_that_are_over() -> None:
    first = act()
    second = act(after=first)
    second.finish("")
    assert second.after is None


def test_motion_in_hand_is_what_was_not_taken() -> None:
    made = act()
    made.add(VALUES[:4])
    assert made.in_hand() == pytest.approx(7 / 60) and made.can_enter and not made.is_over
    for _ in range(7):
        made.take()
    assert made.in_hand() == 0
    held = made.take()
    np.testing.assert_array_equal(held.root, made.last.root)
    made.finish("")
    assert made.is_over
