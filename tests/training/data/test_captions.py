"""Sentences: enough of them, with the right content and style, and mirrored with their clip."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionwire_training.data.captions import captions, mirror_caption
from motionwire_training.data.vocabulary import NOTE_SENTENCES, PREDICATES, STYLES


@pytest.mark.parametrize("content", PREDICATES)
@pytest.mark.parametrize("style", ["", *STYLES])
def test_every_label_gives_enough_different_sentences(content: str, style: str) -> None:
    sentences = captions(content, style, "")
    assert len(sentences) >= 8 and len(set(sentences)) == len(sentences)
    for side, other in (("left", "right"), ("right", "left")):
        if side in content.split("-"):
            assert all(side in text.split() or f"{side}," in text.split() for text in sentences)
            assert not any(other in text.split() for text in sentences)


def test_styles_are_in_every_sentence_and_in_several_wordings() -> None:
    words = ("exhaust", "tired", "wear", "worn out", "drained", "collapse")
    sentences = captions("walk", "exhausted", "")
    assert all(any(word in text for word in words) for text in sentences)
    assert sum(any(word in text for text in sentences) for word in words) >= 3
    assert any("old" in text or "elderly" in text for text in captions("run", "elderly", ""))
    assert captions("walk", "", "")[0] == captions("walk", "normal", "")[0] == "a person walks"


def test_a_note_is_used_as_it_is_and_rephrased() -> None:
    note = "basketball - dribble, shoot"
    sentences = captions("", "", note)
    assert sentences[0] == note and len(sentences) >= 8
    assert any("plays basketball" in text and "shoot" in text for text in sentences)
    assert captions("", "", "walk")[0] == "walk" and "a person walks" in captions("", "", "walk")


def test_unknown_labels_still_say_something_and_none_say_nothing() -> None:
    assert captions("moon-walk", "silly", "") == ["a person performs moon walk in a silly way"]
    assert captions("", "", "") == []


def test_sentences_do_not_change_from_run_to_run() -> None:
    assert captions("bow", "sad", "") == captions("bow", "sad", "")
    assert captions("bow", "sad", "")[0] == "a person bows sadly"


@pytest.mark.parametrize(
    ("text", "mirrored"),
    [
        ("a person waves the left hand", "a person waves the right hand"),
        ("turns Left, then RIGHT", "turns Right, then LEFT"),
        ("spins clockwise", "spins counterclockwise"),
        ("starts right away, all right", "starts right away, all right"),
        ("turns at a right angle to the left", "turns at a right angle to the right"),
        ("bright leftovers", "bright leftovers"),
    ],
)
def test_mirroring_swaps_sides_and_nothing_else(text: str, mirrored: str) -> None:
    assert mirror_caption(text) == mirrored


@given(st.lists(st.sampled_from(["left", "right", "walks", "hand", "Left", "RIGHT", "and"]), max_size=8).map(" ".join))
def test_mirroring_twice_gives_the_sentence_back(text: str) -> None:
    assert mirror_caption(mirror_caption(text)) == text


def test_all_sentences_mirror_back() -> None:
    for content in PREDICATES:
        for text in captions(content, "normal", ""):
            assert mirror_caption(mirror_caption(text)) == text
    assert all(len(set(words)) == len(words) >= 8 for words in NOTE_SENTENCES.values())


def test_every_shared_clip_has_sentences(shared_data: Path) -> None:
    with (shared_data / "manifest.csv").open(encoding="utf-8") as file:
        labels = {(row["content"], row["style"], row["description"]) for row in csv.DictReader(file)}
    assert len(labels) > 100
    assert min(len(captions(*label)) for label in labels) >= 8
