"""Labels that are read from a sentence, and told by vectors of their own.

A wording between two contents is then acted as one of them, not as something between; and a content of one clip, which among hundreds of
others hardly moves what all sentences share, has a vector that nothing else moves.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from motionwire.errors import InputError


class Label(nn.Module):
    """Content or style: vectors of sentences [B, C] -> the mean of the labels' vectors by how likely each is [B, C], and logits [B, L + 1],
    the last of which is none of `names`."""

    def __init__(self, width: int, names: Sequence[str]) -> None:
        super().__init__()
        self.names = list(names)
        self.read = nn.Linear(width, len(names) + 1)
        self.vectors = nn.Parameter(torch.randn(len(names) + 1, width))

    def forward(self, sentence: Tensor) -> tuple[Tensor, Tensor]:
        read = self.read(sentence)
        return read.softmax(-1) @ self.vectors, read

    @torch.no_grad()
    def renamed(self, names: Sequence[str]) -> "Label":
        """One of other names: what it knows of those that are in both, and of none."""
        found = Label(self.vectors.shape[1], names)
        pairs = [(found.names.index(name), place) for place, name in enumerate(self.names) if name in found.names]
        to, of = torch.tensor([*pairs, (len(found.names), len(self.names))]).T
        for mine, theirs in zip(found.parameters(), self.parameters(), strict=True):
            mine[to] = theirs[of]
        return found


def names_of(told: Mapping[str, Any], path: Path) -> dict[str, list[str]]:
    """contents and styles that a trained model has vectors of, by what is told of its run; raises InputError, which names `path`."""
    found: dict[str, list[str]] = {}
    for kind in ("contents", "styles"):
        names = told.get(kind)
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise InputError(f"does not tell the {kind} of its text-to-motion: not of this version", path)
        found[kind] = names
    return found
