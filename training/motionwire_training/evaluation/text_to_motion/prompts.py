"""Prompts, words/NAME.csv: a sentence and what it asks for.

`development` is there to choose by while a model is made: sentences short and with situations, by language models that had seen no
caption and no other prompt. None of the others is to be tuned on. `unseen` prompts hold a word for what is done or for how it is done
that no training caption holds; `seen` ones are put together from wordings of training captions; both were written before any model was
trained on captions. `situations` are sentences as people type them, with a place, a role or a reason, by someone who knew no caption.
"""

import csv
from dataclasses import dataclass
from importlib.resources import files

TESTS = ("seen", "unseen", "situations")
NAMES = ("development", *TESTS)


@dataclass(frozen=True)
class Prompt:
    """contents: any of them is right; style: "" where none is asked for; new: the words no training caption has."""

    text: str
    contents: tuple[str, ...]
    style: str = ""
    new: tuple[str, ...] = ()


def read_prompts(name: str) -> list[Prompt]:
    """The prompts of words/NAME.csv."""
    text = files("motionwire_training.evaluation.text_to_motion").joinpath(f"words/{name}.csv").read_text(encoding="utf-8")
    return [
        Prompt(row["text"], tuple(row["content"].split("|")), row["style"], tuple((row.get("new") or "").split()))
        for row in csv.DictReader(text.splitlines())
    ]
