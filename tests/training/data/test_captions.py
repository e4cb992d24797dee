"""Sentences: enough of them, with the right content and style, held apart for val, and mirrored with their clip."""

import csv
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionwire_training.data import vocabulary
from motionwire_training.data.captions import EACH, captions, content_of, label_pool, mirror_caption, written
from motionwire_training.data.grammar import base, progressive, third_person

WRITTEN = Path(vocabulary.__file__).parent / "words" / "written.csv"
CONTENTS, STYLES = vocabulary.contents(), vocabulary.styles()
NOTES = tuple(tomllib.loads(WRITTEN.with_name("notes.toml").read_text(encoding="utf-8"))["notes"])


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("style", ["", *STYLES])
def test_every_label_gives_many_different_sentences_and_never_the_other_side(content: str, style: str) -> None:
    sentences = captions(content, style, "", key="some clip")
    assert len(sentences) == len(set(sentences)) >= 30
    for side, other in (("left", "right"), ("right", "left")):
        if side in content.split("-"):
            assert sum(side in text.lower() for text in sentences) > 0.6 * len(sentences)
            assert not any(re.search(rf"\b{other}", text.lower().replace("no energy left", "")) for text in sentences)


def test_a_style_is_in_every_sentence_in_many_wordings() -> None:
    wordings = [text.lower() for _, text in vocabulary.style_words("exhausted", held=False).expressions]
    sentences = [text.lower() for text in label_pool("bow", "exhausted", "", held=False)]
    assert all(any(wording in text for wording in wordings) for text in sentences)
    said = " | ".join(sentences)
    assert all(wording in said for wording in wordings)


def test_some_verbs_say_the_style_themselves() -> None:
    telling = vocabulary.telling_acts("walk-back", "tired")
    assert "drag the feet backwards" in telling and not vocabulary.telling_acts("bow", "tired")
    said = " | ".join(label_pool("walk-back", "tired", "", held=False))
    assert sum(third_person(act) in said for act in telling) > 0.1 * len(telling)
    assert vocabulary.telling_acts("walk", "old") == vocabulary.telling_acts("walk", "elderly") != ()
    assert captions("walk", "", "")[0] == captions("walk", "normal", "")[0] == "a person walks"
    assert captions("bow", "sad", "")[0] == "a person bows sadly"


def test_plain_styles_go_unsaid_half_of_the_time() -> None:
    words = [text for _, text in vocabulary.style_words("normal", held=False).expressions]
    said = [any(word in text.lower() for word in words) for text in label_pool("walk", "normal", "", held=False)]
    assert 0.4 < sum(said) / len(said) < 0.6


def test_a_scene_is_around_some_motions_and_tells_nothing() -> None:
    """Paths only where somebody goes; none in val, whose wordings are the test; no wording of a content or style among them."""
    walking, bowing = vocabulary.scene("walk"), vocabulary.scene("bow")
    assert set(bowing.around) < set(walking.around) and vocabulary.scene("walk-turn-right") == vocabulary.scene("walk-turn-left") == walking
    pools = {held: label_pool("walk", "sad", "", held=held) for held in (False, True)}
    shares = {held: sum(any(words in text for words in walking.around) for text in pool) / len(pool) for held, pool in pools.items()}
    assert 0.15 < shares[False] < 0.3 and shares[True] == 0
    telling = {wording.lower() for style in STYLES for _, wording in vocabulary.style_words(style, held=False).expressions}
    telling |= {act for content in CONTENTS if not vocabulary.mirror_of(content) for act in vocabulary.content_words(content, False).acts}
    assert not telling & {words.lower() for words in (*walking.around, *walking.roles)}
    assert not any(re.search(r"\b(left|right)", words) for words in walking.around)


def test_people_type_commands_notes_and_sentences() -> None:
    sentences = set(label_pool("walk", "angry", "", held=False)) | set(label_pool("run", "angry", "", held=False))
    adjectives = tuple(f"{text} " for kind, text in vocabulary.style_words("angry", held=False).expressions if kind == "adjective")
    assert any(text.startswith(adjectives) for text in sentences)  # "angry run"
    assert any(text.split()[0] in ("walk", "run", "jog", "stroll") for text in sentences)  # "walk angrily"
    assert any(" is " in text and "ing " in text for text in sentences) and any(text.endswith(".") for text in sentences)
    assert any(text.startswith("a man ") for text in sentences) and any(text.startswith("someone ") for text in sentences)


def test_clips_of_one_label_carry_different_sentences_and_the_same_ones_each_time() -> None:
    first, second = (captions("walk", "sad", "", key=key) for key in ("one", "two"))
    assert first == captions("walk", "sad", "", key="one") and set(first) != set(second)
    assert set(first) | set(second) <= {*label_pool("walk", "sad", "", held=False), *written("walk", "sad", "")}


def test_a_clip_carries_the_whole_sentences_of_its_label_and_as_many_others() -> None:
    for content, style in (("walk-back", "giant"), ("bow", "normal"), ("kick", "")):
        carried, whole = set(captions(content, style, "", key="some clip")), set(written(content, style, ""))
        assert carried > whole and len(carried - whole) >= 0.9 * max(EACH, len(whole))
    assert set(written("bow", "normal", "")) > set(written("bow", "", "")) != set()
    left, right = (written(f"wave-{side}-hand", "old", "") for side in ("left", "right"))
    assert right == tuple(map(mirror_caption, left)) != () and left == written("wave-left-hand", "elderly", "")
    assert written("", "", "salsa dance") == written("salsa", "", "") != () and not written("walk", "sad", "", split="val")
    assert written("", "", "basketball - dribble") and not {*written("", "", "basketball - dribble")} & {
        *captions("", "", "basketball - dribble")
    }


def test_whole_sentences_are_of_known_labels_and_say_their_side() -> None:
    rows = list(csv.DictReader(WRITTEN.read_text(encoding="utf-8").splitlines()))
    notes = (*NOTES, "basketball - shoot", "dance - ballet", "playground - climb")
    shown = {content_of({"description": note}) for note in notes}
    assert len({row["text"].lower() for row in rows}) == len(rows) > 5000
    for row in rows:
        assert row["content"] in {*CONTENTS, *shown} and row["style"] in ("", *STYLES), row
        assert row["text"] == row["text"].strip() and 2 <= len(re.split(r"[\s_-]+", row["text"])) <= 45, row
        assert not re.search(r"\bright", row["text"].lower()) and not vocabulary.mirror_of(row["content"]), row
        assert mirror_caption(mirror_caption(row["text"])) == row["text"], row  # a mirrored clip of the other side says it so
        if row["content"] != "respond":  # with the left arm, and there is no other
            assert ("left" in row["content"].split("-")) == bool(re.search(r"\b(left|counterclockwise)", row["text"].lower())), row


def test_no_wording_of_val_is_in_train() -> None:
    """Neither a sentence, nor what it says is done, nor how."""
    labels = [(content, "", "") for content in CONTENTS] + [("", "", note) for note in NOTES]
    train = {text.lower() for content in CONTENTS for style in STYLES for text in label_pool(content, style, "", held=False)}
    train |= {text.lower() for label in labels for text in (*captions(*label), *written(*label))}
    train |= {text.lower() for content in CONTENTS for style in STYLES for text in written(content, style, "")}
    text = " | ".join(re.sub(r"[^\w '-]", " ", f" {sentence} ") for sentence in train)

    def known(wording: str) -> bool:
        return text.count(f" {wording} ") > 0

    held = [vocabulary.content_words(content, held=True) for content in CONTENTS if not vocabulary.mirror_of(content)]
    held += [words for note in NOTES if (words := vocabulary.note_words(note, held=True))]
    for words in held:
        for act in words.acts:
            assert not any(known(form(act)) for form in (base, third_person, progressive)), act
        assert not any(map(known, words.nouns)), words.nouns
    for style in STYLES:
        for _, wording in vocabulary.style_words(style, held=True).expressions:
            assert not known(wording), wording
    assert not train & {text.lower() for style in STYLES for text in captions("walk", style, "", split="val")}


def test_different_contents_do_not_share_a_sentence_but_for_unsided_hands() -> None:
    meant = defaultdict(set)
    for content in CONTENTS:
        for style in STYLES:
            for text in (*label_pool(content, style, "", held=False), *written(content, style, "")):
                meant[text].add(content)
    shared = {frozenset(contents) for contents in meant.values() if len(contents) > 1}
    assert shared == {
        frozenset({"wave-left-hand", "wave-right-hand"}), frozenset({"raise-up-left-hand", "raise-up-right-hand"})
    }  # fmt: skip


def test_a_note_is_used_as_it_is_and_rephrased() -> None:
    note = "basketball - dribble, shoot"
    sentences = captions("", "", note)
    assert sentences[0] == note and len(sentences) >= 30
    assert any("plays basketball" in text for text in sentences) and any("ball at the" in text or "shoot" in text for text in sentences)
    assert captions("", "", "walk")[0] == "walk" and "a person walks" in captions("", "", "walk")
    assert note not in captions("", "", note, split="val")


def test_notes_are_counted_by_what_they_show() -> None:
    assert content_of({"content": "", "description": "basketball - dribble, shoot"}) == "basketball"
    assert content_of({"content": "", "description": "slow walk"}) == content_of({"content": "walk", "description": ""}) == "walk"
    assert content_of({"content": "", "description": "swims"}) == "swims" and content_of({}) == ""


def test_unknown_labels_still_say_something_and_none_say_nothing() -> None:
    sentences = captions("moon-walk", "silly", "")
    assert sentences[0] == "a person performs moon walk in a silly way"
    assert all("moon walk" in text.lower() and "silly" in text.lower() for text in sentences)
    assert captions("", "", "") == []
    assert captions("", "", "dance - ,") and captions("", "", ", ,")  # a note without a word


@pytest.mark.parametrize(
    ("text", "mirrored"),
    [
        ("a person waves the left hand", "a person waves the right hand"),
        ("turns Left, then RIGHT", "turns Right, then LEFT"),
        ("spins clockwise", "spins counterclockwise"),
        ("starts right away, all right", "starts right away, all right"),
        ("turns at a right angle to the left", "turns at a right angle to the right"),
        ("bright leftovers", "bright leftovers"),
        ("strafe_left, turn left2", "strafe_right, turn right2"),
        ("takes a small right step", "takes a small left step"),
        ("kicks the ball right", "kicks the ball left"),
        ("leans on the wall right of him, falls right", "leans on the wall left of him, falls left"),
        ("is left alone, is left of it", "is left alone, is right of it"),
        ("lifts the left hand with no energy left", "lifts the right hand with no energy left"),
    ],
)
def test_mirroring_swaps_sides_and_nothing_else(text: str, mirrored: str) -> None:
    assert mirror_caption(text) == mirrored


@given(st.lists(st.sampled_from(["left", "right", "walks", "hand", "Left", "RIGHT", "and"]), max_size=8).map(" ".join))
def test_mirroring_twice_gives_the_sentence_back(text: str) -> None:
    assert mirror_caption(mirror_caption(text)) == text


def test_mirrored_contents_have_mirrored_sentences() -> None:
    for content in CONTENTS:
        for text in captions(content, "normal", ""):
            assert mirror_caption(mirror_caption(text)) == text
    left, right = (captions(f"walk-turn-{side}", "sad", "", key="k") for side in ("left", "right"))
    assert list(map(mirror_caption, left)) == right


def test_every_shared_clip_has_sentences_and_together_they_can_be_embedded(shared_data: Path) -> None:
    with (shared_data / "manifest.csv").open(encoding="utf-8") as file:
        rows = [(row["content"], row["style"], row["description"], row["split"], row["clip"]) for row in csv.DictReader(file)]
    found = [captions(*row) for row in rows]
    assert min(map(len, found)) >= 30
    train = {sentence for row, texts in zip(rows, found, strict=True) if row[3] == "train" for text in texts
             for sentence in (text, mirror_caption(text))}  # fmt: skip
    assert 130_000 < len(train) < 170_000  # each costs its embedding once


def test_styles_can_be_said_in_many_ways_and_no_two_mean_the_same() -> None:
    meant = defaultdict(set)
    same = {"old": "elderly", "masculinity": "masculine", "tired": "exhausted"}
    for style in set(STYLES) - {"acted", "genuine"}:
        expressions = vocabulary.style_words(style, held=False).expressions
        assert len(expressions) >= 60
        for _, wording in expressions:
            meant[wording].add(same.get(style, style))
    assert not {wording: styles for wording, styles in meant.items() if len(styles) > 1}
