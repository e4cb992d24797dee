"""Sentences for clips that come with labels: a small grammar of subject, predicate and manner, the words in vocabulary.py.

The choice is deterministic: the same labels always give the same sentences, spread evenly over all combinations.
"""

import random
import re

from motionwire_training.data.vocabulary import NOTE_SENTENCES, NOTES, PREDICATES, STYLES, SUBJECTS

COUNT = 12  # sentences a clip gets
NOTE_PREFIX = re.compile(r"^(basketball|dance|playground|navigate)\s+-\s+")
SETTINGS = {
    "basketball": ("plays basketball: {}", "on the basketball court: {}", "practises basketball, {}", "with a basketball, {}"),
    "dance": ("dances: {}", "performs a ballet dance with {}", "in a modern dance: {}", "dances with {}"),
    "playground": ("plays on a playground: {}", "on climbing bars: {}", "moves on playground equipment: {}", "climbs around: {}"),
}
SIDES = re.compile(r"\b(left|right|leftward|rightward|leftwards|rightwards|clockwise|counterclockwise|anticlockwise)\b", re.IGNORECASE)
SWAPPED = {
    "left": "right", "right": "left", "leftward": "rightward", "rightward": "leftward", "leftwards": "rightwards",
    "rightwards": "leftwards", "clockwise": "counterclockwise", "counterclockwise": "clockwise", "anticlockwise": "clockwise",
}  # fmt: skip


def captions(content: str, style: str, description: str) -> list[str]:
    """Up to COUNT different sentences for a clip's labels, the plainest first; empty where there is nothing to say."""
    if content in PREDICATES:
        return combine(PREDICATES[content], style)
    note = description.strip()
    if note in NOTES:
        plain = NOTES[note]
        return [note, *combine(PREDICATES.get(plain) or NOTE_SENTENCES[plain], style)][: COUNT + 1]
    if note in NOTE_SENTENCES:
        return [note, *combine(NOTE_SENTENCES[note], style)][: COUNT + 1]
    if note:
        return from_note(note)
    return combine((f"performs {content.replace('-', ' ')}",), style) if content else []


def combine(predicates: tuple[str, ...], style: str) -> list[str]:
    """Sentences "subject predicate [manner]"; the manner stands in an adverbial, or in the subject, never nowhere."""
    manners, people = STYLES.get(style, (("",) if not style else (f"in a {style.replace('-', ' ')} way",), ()))
    neutral = "" in manners
    sentences = []
    for number, predicate in enumerate(predicates):
        for turn, manner in enumerate(manners):
            subject = SUBJECTS[(number + turn) % len(SUBJECTS)]
            sentences.append(sentence(subject, predicate, manner))
        sentences += [sentence(person, predicate, "") for person in people if not neutral or person in SUBJECTS]
    first = sentence(SUBJECTS[0], predicates[0], manners[0])
    rest = [text for text in dict.fromkeys(sentences) if text != first]
    random.Random(f"{predicates[0]}|{style}").shuffle(rest)
    return [first, *rest][:COUNT]


def sentence(subject: str, predicate: str, manner: str) -> str:
    """One sentence without a full stop, lower case, as people type prompts."""
    return " ".join(f"{subject} {predicate} {manner}".split())


def from_note(note: str) -> list[str]:
    """A note of CMU's as it is, and put into lightly different sentences."""
    match = NOTE_PREFIX.match(note)
    setting = match.group(1) if match else ""
    actions = (note[match.end() :] if match else note).replace("/", " or ")
    parts = [part.strip() for part in actions.split(",") if part.strip()]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    sentences = [note, actions, listed]
    for subject in SUBJECTS[:3]:
        sentences += [f"{subject} does this: {listed}", f"{subject} performs: {actions}"]
        sentences += [
            f"{subject} {frame.format(listed)}" for frame in SETTINGS.get(setting, ()) if not frame.startswith(("on", "in", "with"))
        ]
    sentences += [frame.format(listed) for frame in SETTINGS.get(setting, ()) if frame.startswith(("on", "in", "with"))]
    return list(dict.fromkeys(sentences))[:COUNT]


def mirror_caption(text: str) -> str:
    """The sentence for the mirrored clip: left and right change places ("all right" and "right away" are left alone)."""

    def swap(match: re.Match[str]) -> str:
        word = match.group(0)
        if is_idiom(text, match.start(), match.end()):
            return word
        other = SWAPPED[word.lower()]
        return other.upper() if word.isupper() and len(word) > 1 else other.capitalize() if word[0].isupper() else other

    return SIDES.sub(swap, text)


def is_idiom(text: str, start: int, end: int) -> bool:
    """True where "right" or "left" is no side."""
    before, after = text[:start].lower().rstrip(), text[end:].lower().lstrip()
    word = text[start:end].lower()
    if word == "right":
        return before.endswith(("all", "just")) or after.startswith(("away", "now", "there", "angle"))
    return word == "left" and (before.endswith((" is", " was", " are")) and after.startswith(("alone", "behind")))
