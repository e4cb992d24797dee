"""Verbs bend as English does, and sentences are put together without seams."""

import random

import pytest

from motionwire_training.data.grammar import FORMS, PLAIN, article, base, join, progressive, sentence, third_person
from motionwire_training.data.vocabulary import Scene


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
        sentence("raise the left hand", ("left hand raise",), kind, "sad", ("person", "man"), Scene(), random.Random(seed))
        for seed in range(400)
    }
    assert len(draws) > len(FORMS.get(kind, PLAIN)) and not any("{" in text or "  " in text for text in draws)
    assert not any(wrong in text for text in draws for wrong in ("they is", "they raises", "make they", "make he ", "a angry"))


def test_a_scene_stands_around_what_is_done() -> None:
    """Behind the verb phrase or first; a role takes the person's place; no word of what is done or how is lost."""
    scene = Scene(("at the bus stop",), ("the postman",))
    for kind, way in (("", ""), ("adverb", "sadly"), ("adjective", "sad"), ("people", "a widower")):
        draws = [
            sentence("walk and {turn}", ("turn",), kind, way, ("person",), scene, random.Random(seed)).lower().rstrip(".")
            for seed in range(600)
        ]
        around = [text for text in draws if "at the bus stop" in text]
        assert 0.1 < len(around) / len(draws) < 0.3
        assert 0.1 < sum(text.startswith("at the bus stop, ") for text in around) / len(around) < 0.4
        assert all("turn" in text and way in text for text in draws)
        assert any("the postman walks and turns at the bus stop" in text for text in draws) or kind in ("adjective", "people")
        assert any("a sad postman" in text for text in draws) or kind != "adjective"
