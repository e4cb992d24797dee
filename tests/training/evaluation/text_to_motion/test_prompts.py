"""The prompts are what they claim: development ones share no word held for tests, seen wordings are in the training captions, unseen ones
hold a word that is not."""

import csv
import re
from functools import cache
from pathlib import Path

from motionwire_training.data import vocabulary
from motionwire_training.data.captions import captions, mirror_caption, written
from motionwire_training.data.grammar import base, progressive, third_person
from motionwire_training.evaluation.text_to_motion.prompts import TESTS, read_prompts

SUFFIXES = ("ingly", "edly", "ing", "ed", "ly", "ies", "es", "s", "y", "e")


def stem(word: str) -> str:
    """The word without its ending, so that "ambling" counts as "amble"."""
    return next((word[: -len(end)] for end in SUFFIXES if word.endswith(end) and len(word) - len(end) >= 3), word)


@cache
def training_captions(manifest: Path) -> frozenset[str]:
    with manifest.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
    plain = {text for row in rows for text in captions(row["content"], row["style"], row["description"], "train", row["clip"])}
    plain |= {text for row in rows for text in written(row["content"], row["style"], row["description"])}
    return frozenset(plain | set(map(mirror_caption, plain)))


def labels(manifest: Path) -> set[tuple[str, str]]:
    with manifest.open(encoding="utf-8") as file:
        return {(row["content"], row["style"]) for row in csv.DictReader(file) if row["split"] == "train"}


def test_unseen_prompts_hold_a_word_of_content_or_style_that_no_training_caption_has(shared_data: Path) -> None:
    prompts = read_prompts("unseen")
    assert len(prompts) >= 150 and len({prompt.text for prompt in prompts}) == len(prompts)
    sentences = training_captions(shared_data / "manifest.csv")
    known = {stem(word) for text in sentences for word in re.findall(r"[a-z]+", text.lower())}
    for prompt in prompts:
        assert prompt.new and prompt.text not in sentences
        for word in prompt.new:
            assert word in re.findall(r"[a-z]+", prompt.text.lower()), prompt
            assert stem(word) not in known, prompt


def test_situations_are_no_captions_and_ask_for_all_kinds(shared_data: Path) -> None:
    prompts = read_prompts("situations")
    sentences = {text.lower().rstrip(".") for text in training_captions(shared_data / "manifest.csv")}
    assert len(prompts) >= 100 and len({prompt.text for prompt in prompts}) == len(prompts)
    assert not sentences & {prompt.text.lower().rstrip(".") for prompt in prompts}
    assert {content for prompt in prompts for content in prompt.contents} <= set(vocabulary.contents())
    assert len({prompt.contents for prompt in prompts}) >= 20 and {prompt.style for prompt in prompts} <= {"", *vocabulary.styles()}


def test_development_prompts_are_neither_captions_nor_like_tests(shared_data: Path) -> None:
    prompts = read_prompts("development")
    texts = {prompt.text.lower().rstrip(".") for prompt in prompts}
    assert len(prompts) >= 200 and len(texts) == len(prompts)
    assert not texts & {text.lower().rstrip(".") for text in training_captions(shared_data / "manifest.csv")}
    tests = [prompt for name in TESTS for prompt in read_prompts(name)]
    assert not texts & {prompt.text.lower().rstrip(".") for prompt in tests}
    told = {stem(word) for prompt in tests for word in prompt.new}
    assert not told & {stem(word) for text in texts for word in re.findall(r"[a-z]+", text)}


def wordings(content: str) -> set[str]:
    """All ways in which training captions say a content, as they stand in sentences."""
    mirrored = vocabulary.mirror_of(content)
    if mirrored:
        return set(map(mirror_caption, wordings(mirrored)))
    words = vocabulary.content_words(content, held=False)
    return {form(act).lower() for act in words.acts for form in (base, third_person, progressive)} | set(map(str.lower, words.nouns))


def test_seen_prompts_are_put_together_from_wordings_of_training_captions(shared_data: Path) -> None:
    prompts, sentences = read_prompts("seen"), training_captions(shared_data / "manifest.csv")
    words = {word for text in sentences for word in re.findall(r"[a-z]+", text.lower())}
    assert len(prompts) >= 150
    for prompt in prompts:
        text = re.sub(r"\b(?:(?:his|her|their|the) )?((?:left|right) (?:hand|arm|foot|leg))\b", r"the \1", prompt.text.lower())
        if not set(prompt.contents) <= set(vocabulary.contents()):  # what only notes tell: of words that captions have
            assert set(re.findall(r"[a-z]+", text)) <= words, prompt
        elif prompt.text not in sentences:
            said = {wording for content in prompt.contents for wording in wordings(content)}
            said |= {re.sub(r"\b(?:the )?((?:left|right) (?:hand|arm|foot|leg))\b", r"the \1", wording) for wording in said}
            assert any(wording in text for wording in said), prompt
            style = vocabulary.style_words(prompt.style, held=False)
            assert style.plain or any(wording.lower() in prompt.text.lower() for _, wording in style.expressions), prompt


def test_what_prompts_ask_for_is_in_the_training_data(shared_data: Path) -> None:
    pairs = labels(shared_data / "manifest.csv")
    contents = {content for content, _ in pairs} | {"basketball", "ballet", "playground", "jump", "swordplay", "pick-up", "wash"}
    for prompt in (*read_prompts("development"), *read_prompts("seen"), *read_prompts("unseen")):
        assert prompt.contents and all(content in contents for content in prompt.contents), prompt
        assert not prompt.style or any((content, prompt.style) in pairs for content in prompt.contents), prompt
