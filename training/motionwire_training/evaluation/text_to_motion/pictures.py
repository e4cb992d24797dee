"""Sheets of what was generated, so that a person can see what the figures stand for."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from motionwire.motion.clip import Clip
from motionwire.render import contact_sheet

MOST = 12  # clips of a sheet


class Pictures:
    """Writes PART.png into a folder for each part that it is shown."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, part: str, clips: Sequence[tuple[str, Clip]]) -> None:
        """A sheet of some of the clips, evenly chosen, under their titles."""
        chosen = np.unique(np.linspace(0, len(clips) - 1, min(MOST, len(clips))).round().astype(int))
        named = [replace(clips[index][1], name=clips[index][0]) for index in chosen]
        contact_sheet(named, self._folder / f"{re.sub(r'[^a-z0-9_]+', '_', part)}.png", figures=10)
