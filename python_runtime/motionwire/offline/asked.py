"""Sentences as people hand them in: one, a file with one a line, or a timeline; and the names of the files that come of them."""

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from motionwire.errors import InputError
from motionwire.formats.source import read_bytes
from motionwire.generator import layout
from motionwire.generator.sentences import MAX_CHARACTERS
from motionwire.offline.order import Item

MAX_BYTES = 2**28
LONGEST_STEM = 60
LONGEST_TIMELINE = 3600.0  # s
TOLERANCE = 0.051  # s by which two parts of a timeline may overlap: people round


def stem_of(sentence: str, seed: int) -> str:
    """A file's name from a sentence: letters and digits of any script, hyphens between."""
    plain = unicodedata.normalize("NFKC", sentence).casefold()
    words = "-".join(re.findall(r"\w+", plain.replace("_", " ")))[:LONGEST_STEM].strip("-")
    while len(words.encode()) > 3 * LONGEST_STEM:
        words = words[:-1]
    return f"{words or 'motion'}_s{seed}"


def variants(where: str, legs: list[tuple[str, float | None]], seed: int, count: int) -> Iterator[Item]:
    """The same sentences `count` times, with seeds from `seed` on."""
    for number in range(count):
        item = Item(where, legs, seed + number)
        yield Item(where, legs, seed + number, stem_of(item.sentence, seed + number))


def sentences(path: Path) -> list[tuple[str, str]]:
    """Where each line of a text file stands, and the line; empty ones too, since they are mistakes to be told of."""
    try:
        text = read_bytes(path, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 text (byte {error.start})", path) from None
    lines = text.splitlines()
    if not lines:
        raise InputError("there is no sentence in it", path)
    return [(f"{path}:{number}", line) for number, line in enumerate(lines, start=1)]


def check_sentence(sentence: str) -> str | None:
    """Why a sentence is none, before anything is made of it."""
    text = " ".join(sentence.split())
    if not text:
        return "the sentence is empty"
    return f"the sentence has {len(text)} characters, more than {MAX_CHARACTERS}" if len(text) > MAX_CHARACTERS else None


def timeline(path: Path, seconds: float | None) -> list[tuple[str, float | None]]:
    """The legs of a timeline: rows with `sentence`, and optionally `start` and `seconds` (s). A row without start follows the one before;
    one without length lasts until the next, the last one for `seconds`. A gap is left to the model. Raises InputError, naming the row."""
    rows = _rows(path)
    starts = [_number(row, "start", place) for place, row in rows]
    legs: list[tuple[str, float | None]] = []
    clock = 0.0
    for number, (place, row) in enumerate(rows):
        sentence = row.get("sentence")
        wrong = check_sentence(sentence) if isinstance(sentence, str) else "has no sentence"
        if not isinstance(sentence, str) or wrong is not None:
            raise InputError(wrong or "", place)
        start, following = starts[number], starts[number + 1] if number + 1 < len(rows) else None
        length = _number(row, "seconds", place)
        if start is not None:
            if start < clock - TOLERANCE:
                raise InputError(f"begins at {start:g} s, before the one before it ends at {clock:g} s", place)
            if start > clock + TOLERANCE:
                if legs or start > 2 * TOLERANCE:
                    legs += _parts("", start - clock, place)
                clock = start
        if length is None:
            length = seconds if following is None else following - clock
        if length is None and number + 1 < len(rows):
            raise InputError("has no seconds, and the next one no start", place)
        legs += _parts(sentence, length, place)
        clock += length or 0.0
    if clock > LONGEST_TIMELINE:
        raise InputError(f"lasts {clock:g} s, more than {LONGEST_TIMELINE:g}", path)
    return legs


def _parts(sentence: str, length: float | None, place: str) -> list[tuple[str, float | None]]:
    """A sentence that lasts longer than the model can keep in mind is said again."""
    if length is None:
        return [(sentence, None)]
    if length < layout.SHORTEST:
        what = "lasts" if sentence else "leaves a gap before it of"
        raise InputError(f"{what} {length:.3g} s, less than {layout.SHORTEST:g}", place)
    parts = math.ceil(length / layout.LONGEST)
    return [(sentence, length / parts)] * parts


def _rows(path: Path) -> list[tuple[str, dict[str, Any]]]:
    """A timeline's rows with their places."""
    try:
        text = read_bytes(path, MAX_BYTES).decode("utf-8-sig")
        if path.suffix.lower() in (".yaml", ".yml"):
            content = yaml.safe_load(text)
        elif path.suffix.lower() == ".csv":
            content = list(csv.DictReader(io.StringIO(text), skipinitialspace=True, strict=True))
        else:
            raise InputError(f"a timeline is .yaml or .csv, not {path.suffix!r}", path)
    except InputError:
        raise
    except (ValueError, yaml.YAMLError, csv.Error, RecursionError) as error:  # YAML's own dates and numbers raise plain ones
        raise InputError(f"not a timeline: {error}", path) from None
    if not isinstance(content, list) or not content or not all(isinstance(row, dict) for row in content):
        raise InputError("a timeline is a list of rows with sentence, start and seconds", path)
    for number, row in enumerate(content, start=1):
        if None in row:
            raise InputError("has more columns than the first line; a sentence with a comma stands in quotes", f"{path}: row {number}")
        if unknown := [str(name) for name in row if name not in ("sentence", "start", "seconds")]:
            raise InputError(f"unknown column {unknown[0]!r}; known: sentence, start, seconds", f"{path}: row {number}")
    return [(f"{path}: row {number}", row) for number, row in enumerate(content, start=1)]


def _number(row: dict[str, Any], name: str, place: str) -> float | None:
    value = row.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise InputError(f"{name} {str(value)[:40]!r} is not a number of seconds", place)
    return number
