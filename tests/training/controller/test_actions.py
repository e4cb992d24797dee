"""Labels as people write them: what teaches the controller to move, what to stand, and what neither."""

import pytest

from motionwire_training.controller.actions import kind_of_action


@pytest.mark.parametrize(
    "text",
    ["walk-turn-left", "Walk", "slow walk/stride", "sprint", "strafe_left", "Backward walk", "sidestep", "run/jog",
     "fast walk", "a person walks forward", "The man is jogging", "navigate - walk forward, backward, sideways"],
)  # fmt: skip
def test_locomotion(text: str) -> None:
    assert kind_of_action({"content": text}) == kind_of_action({"description": text}) == "locomotion"


@pytest.mark.parametrize("text", ["idle", "Idle", "Standing", "raise-up-both-hands", "wave-left-hand", "someone waves"])
def test_standing(text: str) -> None:
    assert kind_of_action({"content": text}) == "standing"


@pytest.mark.parametrize(
    "text",
    ["", "run and jump", "walk and sit down", "run up and flip", "walk on uneven terrain", "punch/strike", "basketball - run"],
)
def test_neither(text: str) -> None:
    assert kind_of_action({"content": text}) == ""


def test_ground_that_only_the_description_tells_of() -> None:
    assert kind_of_action({"content": "walk", "description": "walk up the Stairs"}) == ""
