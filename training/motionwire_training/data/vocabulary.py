"""The words that captions are made of, read from words/: what is done, how it is done, what is around it, what CMU's notes say, and
whole sentences.

`held` picks the wordings that are kept from training: clips of val get only those, so that the loss there tells how unseen
words are understood.
"""

import csv
import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

Words = tuple[str, ...]
GAITS = ("walking", "running")
# Between the words of a label: "turn_left 90", "turnLeft90", "FWDLeft".
BETWEEN = re.compile(r"[\s_-]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
KINDS = {"adverb": "adverbs", "manner": "manners", "adjective": "adjectives", "clause": "clauses", "people": "people"}


@dataclass(frozen=True)
class Content:
    """acts: verb phrases in the base form (grammar.py); nouns: noun phrases without an article."""

    acts: Words
    nouns: Words = ()


@dataclass(frozen=True)
class Style:
    """expressions: every (kind of KINDS, wording); plain: it may go unsaid; persons: the nouns that fit behind an adjective."""

    expressions: tuple[tuple[str, str], ...] = ()
    plain: bool = False
    persons: Words = ("person", "man", "character", "figure", "human")


@dataclass(frozen=True)
class Scene:
    """What tells neither what is done nor how. around: where, when and what for ("at the bus stop"); roles: who ("the postman")."""

    around: Words = ()
    roles: Words = ()


@cache
def words_digest() -> str:
    """Hash of all words, in hex digits."""
    hasher = hashlib.blake2b(digest_size=12)
    for path in sorted(_folder().iterdir(), key=lambda path: path.name):
        hasher.update(path.name.encode() + b"\0" + path.read_bytes())
    return hasher.hexdigest()


def contents() -> list[str]:
    """The content labels that have words."""
    return list(_table("contents"))


def styles() -> list[str]:
    """The style labels that have words."""
    return list(_table("styles"))


def known_name(label: str, names: Collection[str]) -> str:
    """The one of `names` that a label means, whatever its capitals and what stands between its words ("Walk_Back", "walkBack"); else the
    label's own words in that form, "dodge_L" as "dodge-left", so that its sides can be told."""
    if label in names:
        return label
    words = [word for word in BETWEEN.sub("-", label).lower().split("-") if word]
    sides = {"l": "left", "r": "right"} if len(words) > 1 else {}
    return "-".join(sides.get(word, word) for word in words)


def mirror_of(name: str) -> str:
    """The content whose words are this one's with left and right exchanged, or ""."""
    return str(_table("contents").get(name, {}).get("mirror", ""))


def content_words(name: str, held: bool) -> Content:
    """The words of a content label that has some of its own (not another's mirrored)."""
    return _content(_table("contents")[name], held)


def style_words(name: str, held: bool) -> Style:
    """The words of a style label. An unknown one is said by its own name."""
    table = _table("styles")
    if name not in table:
        word = name.replace("-", " ")
        return Style((("manner", f"in a {word} way"), ("adjective", word)) if word else (), plain=not word)
    entry = table[table[name].get("same", name)]
    words = entry.get("held", {}) if held else entry
    expressions = tuple((kind, text) for kind, field in KINDS.items() for text in words.get(field, ()))
    return Style(expressions, entry.get("plain", False), tuple(entry.get("persons", Style.persons)))


def telling_acts(content: str, style: str) -> Words:
    """Verb phrases that say a content and a style at once: "trudge ahead"."""
    words = _table("styles").get(style, {})
    words = _table("styles").get(words.get("same", style), {})
    ways = _table("contents").get(content, {})
    return tuple(way.replace("{}", act) for gait in GAITS for way in ways.get(gait, ()) for act in words.get(gait, ()))


def written(content: str, style: str) -> Words:
    """Whole sentences for a content that has words of its own, in a style; of a plain style those without one, too."""
    own = _table("styles").get(style, {}).get("same", style)
    told = (own, "") if style_words(style, held=False).plain else (own,)
    return tuple(dict.fromkeys(text for how in told for text in _written().get((content, how), ())))


def scene(content: str) -> Scene:
    """What may be around a content; paths only where somebody goes."""
    words = _table("scenes")
    goes = any(gait in _table("contents").get(mirror_of(content) or content, {}) for gait in GAITS)
    return Scene((*words["places"], *words["occasions"], *(words["paths"] if goes else ())), tuple(words["roles"]))


def note_content(note: str) -> str:
    """The content label that a CMU note means, or ""."""
    return str(_table("notes")["notes"].get(note, {}).get("content", ""))


def shown(note: str, setting: str) -> str:
    """One word for what a CMU note shows, or ""; setting: what stands before its " - "."""
    table = _table("notes")
    entry = table["notes"].get(note) or table["settings"].get(setting, {})
    return str(entry.get("shows") or entry.get("content", ""))


def note_words(note: str, held: bool) -> Content | None:
    """The words of a whole CMU note; None where it has none of its own."""
    entry = _table("notes")["notes"].get(note, {})
    return _content(entry, held) if "acts" in entry else None


def setting_words(name: str, held: bool) -> Content | None:
    """The words of what stands before " - " in a CMU note ("{}" is the list of actions); None where there are none."""
    entry = _table("notes")["settings"].get(name)
    return entry and _content({**entry, "nouns": () if held else entry["nouns"]}, held)


def part_words(part: str, held: bool) -> Words:
    """Ways to say an action within a note's list; the last of three is held."""
    ways = tuple(_table("notes")["parts"].get(part, (f"do {part}",)))
    return ways if len(ways) < 3 else ways[2:] if held else ways[:2]


def _content(entry: dict[str, Any], held: bool) -> Content:
    words = entry["held"] if held else entry
    either = () if held else entry.get("either", ())
    return Content((*words["acts"], *either), tuple(words.get("nouns", ())))


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(_read(f"{name}.toml"))


@cache
def _written() -> dict[tuple[str, str], list[str]]:
    found = defaultdict(list)
    for row in csv.DictReader(_read("written.csv").splitlines()):
        found[row["content"], row["style"]].append(row["text"])
    return found


def _read(file: str) -> str:
    return _folder().joinpath(file).read_text(encoding="utf-8")


def _folder() -> Traversable:
    return files("motionwire_training.data").joinpath("words")
