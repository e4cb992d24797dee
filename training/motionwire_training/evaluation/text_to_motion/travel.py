"""How far the figure goes, against the real clip of the same sentence: the judge calls a walk on the spot a walk; FID hardly sees it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from motionwire.motion.clip import Clip

GOING = 0.3  # m/s of a real clip from which it is one that goes somewhere
APART = 0.5  # s between the places that are compared: swaying and trembling are no way


def speed(clip: Clip) -> float:
    """The root's way over the ground by its places half a second apart, in a second, m/s."""
    at = np.append(np.arange(0, len(clip) - 1, round(APART * clip.fps)), len(clip) - 1)
    steps = np.diff(clip.root_positions[at][:, ::2].astype(np.float64), axis=0)
    return float(np.linalg.norm(steps, axis=1).sum() / (len(clip) - 1) * clip.fps)


def travel(contents: Sequence[str], real: Sequence[Clip], made: Sequence[Clip]) -> dict[str, Any]:
    """Of the real clips that go somewhere: how many there are, the median over them of the made one's speed over the real one's, and by
    content the mean speed of the made ones over that of the real ones. Empty where none goes. Clips are of two frames at least."""
    pairs = [(content, speed(own), speed(other)) for content, own, other in zip(contents, real, made, strict=True)]
    going = [pair for pair in pairs if pair[1] > GOING]
    if not going:
        return {}
    by_content = {}
    for content in sorted({content for content, *_ in going}):
        own, other = np.array([pair[1:] for pair in going if pair[0] == content]).sum(axis=0)
        by_content[content] = float(other / own)
    return {"clips": len(going), "median_ratio": float(np.median([other / own for _, own, other in going])), "ratio_by_content": by_content}
