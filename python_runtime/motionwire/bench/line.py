"""A figure beside what was asked of it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """One figure. asked: the most it may be, or the least where `least`; floor: what it stands beside."""

    name: str
    unit: str
    found: float
    asked: float
    floor: str = ""
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether it is as asked."""
        return self.found >= self.asked if self.least else self.found <= self.asked


def rows(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The lines as JSON has them."""
    return [{**asdict(line), "met": line.met} for line in lines]
