"""Sentences of mirrored clips: sides change places, what somebody did does not become nonsense, and no sentence of our own is lost."""

import csv
import re
from pathlib import Path

import pytest

from motionwire_training.data import vocabulary
from motionwire_training.data.captions import captions, mirror_caption
from motionwire_training.data.sides import mirrored_captions

WRITTEN = Path(vocabulary.__file__).parent / "words" / "written.csv"


@pytest.mark.parametrize(
    "text",
    [
        "a man left the room",
        "he turned around and left",
        "the woman waved, then quickly left.",
        "a person who has just left",
        "They left",
        "someone was left standing",
        "there is no room left",
        "left his bag on the floor",
    ],
)
def test_where_left_may_be_a_verb_the_mirrored_clip_goes_without_the_sentence(text: str) -> None:
    assert mirrored_captions([text, "a person walks"]) == ["a person walks"]


@pytest.mark.parametrize(
    ("text", "mirrored"),
    [
        ("turns right and left", "turns left and right"),
        ("raises the left hand", "raises the right hand"),
        ("a person raised left arm", "a person raised right arm"),
        ("she has left hand up", "she has right hand up"),
        ("walks to the left", "walks to the right"),
        ("looks to the left the whole time", "looks to the right the whole time"),
        ("the man turned right, left and right", "the man turned left, right and left"),
        ("walks past the church and then left", "walks past the church and then right"),
        ("steps left a little", "steps right a little"),
        ("is left of it", "is right of it"),
        ("lifts the left hand with no energy left", "lifts the right hand with no energy left"),
    ],
)
def test_sides_are_still_exchanged(text: str, mirrored: str) -> None:
    assert mirrored_captions([text]) == [mirrored]


def test_no_sentence_of_our_own_is_taken_for_another() -> None:
    own = [row["text"] for row in csv.DictReader(WRITTEN.read_text(encoding="utf-8").splitlines())]
    for words in ("contents", "styles", "notes", "scenes"):
        phrases = re.findall(r'"([^"]*)"', (WRITTEN.parent / f"{words}.toml").read_text(encoding="utf-8"))
        own += [phrase.translate({ord("{"): None, ord("}"): None}) for phrase in phrases]
    for content in ("walk-turn-left", "walk-turn-right", "wave-left-hand", "walk-left"):
        own += [text for split in ("train", "val") for text in captions(content, "sad", "", split, "some clip")]
    assert mirrored_captions(own) == list(map(mirror_caption, own))
