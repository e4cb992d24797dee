"""The test prompts, words/seen.csv and words/unseen.csv: a sentence and what it asks for.

Written before any model was trained on the captions, and not to be tuned on. `unseen` prompts hold a word for what is done or
for how it is done that no training caption holds; `seen` ones are put together from wordings of training captions.
"""

import csv
from dataclasses import dataclass
from importlib.resources import files


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
