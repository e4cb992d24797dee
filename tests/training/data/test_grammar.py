"""Verbs bend as English does, and sentences are put together without seams."""

import random

import pytest

from motionwire_training.data.grammar import FORMS, PLAIN, article, base, join, progressive, sentence, third_person


@pytest.mark.parametrize(
    ("act", "does", "doing"),
    [
        ("walk and {turn} left", "walks and turns left", "walking and turning left"),
        ("go for a run", "goes for a run", "going for a run"),
        ("carry", "carries", "carrying"),
        ("punch", "punches", "punching"),
        ("wave", "waves", "waving"),
        ("jog", "jogs", "jogging"),
        ("bow", "bows", "bowing"),
        ("box", "boxes", "boxing"),
        ("lean", "leans", "leaning"),
        ("stay, then {sit}", "stays, then sits", "staying, then sitting"),
        ("power-walk", "power-walks", "power-walking"),
    ],
)
def test_verbs_bend(act: str, does: str, doing: str) -> None:
    assert (third_person(act), progressive(act)) == (does, doing)
    assert "{" not in base(act)


def test_actions_are_listed() -> None:
    assert third_person(join(["climb", "hang", "let go and {fall}"])) == "climbs, hangs and lets go and falls"
    assert join(["climb"]) == "climb"


def test_articles() -> None:
    assert article("angry walk") == "an angry walk" and article("Indian dance") == "an Indian dance" and article("sad bow") == "a sad bow"


@pytest.mark.parametrize("kind", ["", *FORMS])
def test_every_form_is_filled_in(kind: str) -> None:
    draws = {
        sentence("raise the left hand", ("left hand raise",), kind, "sad", ("person", "man"), random.Random(seed)) for seed in range(400)
    }
    assert len(draws) > len(FORMS.get(kind, PLAIN)) and not any("{" in text or "  " in text for text in draws)
    assert not any(wrong in text for text in draws for wrong in ("they is", "they raises", "make they", "make he ", "a angry"))
