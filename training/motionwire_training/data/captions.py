"""Sentences for clips that come with labels: the words of words/*.toml put together by grammar.py, and the whole ones of written.csv.

A label has a pool of different sentences in which every wording of what is done and of how it is done comes up about equally
often; each clip carries some of them, and all that was written whole for its label. All is decided by the labels and the clip's key, so
an import always gives the same. Clips of val get wordings that no training clip has.
"""

import itertools
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from motionwire_training.data import vocabulary
from motionwire_training.data.grammar import join, sentence, third_person
from motionwire_training.data.vocabulary import Scene, Style, Words

T = TypeVar("T")

POOL, EACH = 1500, 64  # different sentences put together for a content in a style; how many of them a clip carries
TRIES = 20  # per sentence, until the pool is taken to hold all there are
NOTE_PREFIX = re.compile(r"^(basketball|dance|playground)\s+-\s+")
# Where the word is no side; whole words, so that "small right step" and "the ball right" are ones.
IDIOM = r"(?:all|just)\s+right|right\s+(?:away|now|there|angle[ds]?)|no\s+energy\s+left|(?:is|was|are)\s+left\s+(?:alone|behind)"
SIDE = r"(left|right|leftward|rightward|leftwards|rightwards|clockwise|counterclockwise|anticlockwise)"
SIDES = re.compile(rf"(?<![a-z])(?:{IDIOM}|{SIDE})(?![a-z])", re.IGNORECASE)  # also in a label: "strafe_left", "left2"
SWAPPED = {
    "left": "right", "right": "left", "leftward": "rightward", "rightward": "leftward", "leftwards": "rightwards",
    "rightwards": "leftwards", "clockwise": "counterclockwise", "counterclockwise": "clockwise", "anticlockwise": "clockwise",
}  # fmt: skip


def captions(content: str, style: str, description: str, split: str = "train", key: str = "") -> list[str]:
    """Different sentences for a clip, the plainest first; none where the labels say nothing. key: picks from the label's pool.

    All whole ones, since a label may have one clip: what no clip carries, the generator never hears. As many of the others, or more.
    """
    note, found = description.strip(), sentences(content, style, description, split)
    whole = () if NOTE_PREFIX.match(note) else written(content, style, note, split)  # not where a clip shows its list of actions only
    count = max(EACH, len(whole))
    if len(found) > count:
        found = (found[0], *random.Random(key).sample(found[1:], count - 1))
    own = note and content not in vocabulary.contents() and split != "val"
    return list(dict.fromkeys([*([note] if own else []), *found, *whole]))


def sentences(content: str, style: str, description: str, split: str = "train") -> tuple[str, ...]:
    """All sentences that are put together for a clip's labels, the plainest first."""
    note, known = description.strip(), content in vocabulary.contents()
    return label_pool(content if known else vocabulary.note_content(note) or content, style, "" if known else note, split == "val")


@cache
def written(content: str, style: str, description: str, split: str = "train") -> tuple[str, ...]:
    """All sentences that were written whole for what a clip's labels say; none for val."""
    if split == "val":
        return ()
    shown = content_of({"content": content if content in vocabulary.contents() else "", "description": description})
    mirrored = vocabulary.mirror_of(shown)
    return tuple(map(mirror_caption, vocabulary.written(mirrored, style))) if mirrored else vocabulary.written(shown, style)


@cache
def label_pool(content: str, style: str, note: str, held: bool) -> tuple[str, ...]:
    """All sentences of a label: of its content where that is known, else of its note, else of the content's own name."""
    mirrored = vocabulary.mirror_of(content)
    if mirrored:
        return tuple(map(mirror_caption, label_pool(mirrored, style, note, held)))
    draw = random.Random(f"{content}|{style}|{note}|{held}")
    known = content in vocabulary.contents()
    words = vocabulary.content_words(content, held) if known else vocabulary.note_words(note, held)
    if words:
        acts, nouns = _evenly(words.acts, draw), words.nouns
    elif note or content:
        acts, nouns = _listed(note, held, draw) if note else itertools.repeat(f"perform {content.replace('-', ' ')}"), ()
    else:
        return ()
    telling, scene = ((), Scene()) if held else (vocabulary.telling_acts(content, style), vocabulary.scene(content))
    return tuple(pool(acts, nouns, vocabulary.style_words(style, held), scene, POOL if known else EACH, draw, telling))


def content_of(labels: Mapping[str, Any]) -> str:
    """One word for what a clip shows, coarser than CMU's notes: "walk", "basketball", ...; "" where the labels do not say."""
    note = str(labels.get("description") or "").strip()
    match = NOTE_PREFIX.match(note)
    return str(labels.get("content") or vocabulary.shown(note, match.group(1) if match else "") or note)


def pool(acts: Iterator[str], nouns: Words, style: Style, scene: Scene, size: int, draw: random.Random, telling: Words = ()) -> list[str]:
    """Up to `size` different sentences, the plainest first; verb phrases and expressions of the style come up equally often.

    telling: verb phrases that need no expression; as if each were one.
    """
    plain = [("", "")] * (len(style.expressions) or 1) if style.plain or not style.expressions else []
    every = [*style.expressions, *plain, *(("act", act) for act in telling)]
    ways = _evenly(draw.sample(every, len(every)), draw)  # mixed: a pool may be smaller than they are many
    act = next(acts)
    manner = "" if plain else next(text for kind, text in style.expressions if kind in ("adverb", "manner"))
    found = {f"a person {third_person(act)} {manner}".strip(): None}
    for _ in range(TRIES * size):
        if len(found) == size:
            break
        kind, way = next(ways)
        said: tuple[str, Words, str, str] = (way, (), "", "") if kind == "act" else (next(acts), nouns, kind, way)
        found.setdefault(sentence(*said, style.persons, scene, draw))
    return list(found)


def _evenly(items: Sequence[T], draw: random.Random) -> Iterator[T]:
    """The items over and over: in their own order once, then each time mixed anew."""
    yield from items
    while True:
        yield from draw.sample(items, len(items))


def _listed(note: str, held: bool, draw: random.Random) -> Iterator[str]:
    """Verb phrases for a note that lists actions, all of them or some, in its setting: "play basketball: dribble and shoot"."""
    match = NOTE_PREFIX.match(note)
    parts = [part.strip() for part in (note[match.end() :] if match else note).split(",") if re.search(r"\w", part)] or ["move"]
    setting = vocabulary.setting_words(match.group(1), held) if match else None
    frames = _evenly(setting.acts if setting else ("{}",), draw)
    while True:
        kept = parts if draw.random() < 0.5 else [part for part in parts if draw.random() < 0.6] or parts
        frame = next(frames)
        listed = join([draw.choice(vocabulary.part_words(part, held)) for part in kept])
        yield frame.replace("{}", re.sub(r"^([\w-]+)", r"{\1}", listed) if not frame.startswith("{}") else listed)


def mirror_caption(text: str) -> str:
    """The sentence for the mirrored clip: left and right change places ("all right" and "no energy left" are left alone)."""

    def swap(match: re.Match[str]) -> str:
        word = match.group(1)
        if word is None:  # an idiom, in which it is no side
            return match.group(0)
        other = SWAPPED[word.lower()]
        return other.upper() if word.isupper() and len(word) > 1 else other.capitalize() if word[0].isupper() else other

    return SIDES.sub(swap, text)
