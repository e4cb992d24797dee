"""How well motion fits its sentence, and how varied it is, in the evaluator's space (Guo et al. 2022, section 5.1).

Vectors are of unit length, so distances lie in 0..2 and FID below 2; they compare with figures of this evaluator only.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import sqrtm
from scipy.stats import t

from motionwire_training.data.labels import may_fit

Array = NDArray[np.float64]
Label = tuple[str, str]  # content and style

POOL = 32
PAIRS = 300  # of clips, for Diversity


def r_precision(motions: Array, sentences: Array, labels: Sequence[Label], generator: np.random.Generator) -> Array:
    """Share of motions [N, D] whose own sentence [N, D] is among the nearest 1, 2 and 3 of a pool of 32: its own and those of 31 other
    clips, none of which could be true of it. NaN where there are not so many."""
    ranks = []
    for index, label in enumerate(labels):
        others = [row for row, other in enumerate(labels) if not may_fit(*label, *other)]
        if len(others) < POOL - 1:
            continue
        pool = np.concatenate(([index], generator.choice(others, POOL - 1, replace=False)))
        near = sentences[pool] @ motions[index]
        ranks.append(int((near[1:] >= near[0]).sum()))
    return np.array([np.mean(np.array(ranks) < most) if ranks else np.nan for most in (1, 2, 3)])


def matching_distance(motions: Array, sentences: Array) -> float:
    """MM-Dist: mean distance of a motion to its sentence."""
    return float(np.linalg.norm(motions - sentences, axis=1).mean())


def enough_for_fid(vectors: Array) -> bool:
    """Whether a covariance of vectors [N, D] can have full rank: of fewer, FID tells their number more than their motion."""
    return len(vectors) > vectors.shape[1]


def fid(real: Array, made: Array) -> float:
    """Frechet distance of the Gaussians fitted to two sets of vectors [N, D] (Heusel et al. 2017). It is the larger the fewer they are, so
    only figures of as many clips compare."""
    mean = real.mean(0) - made.mean(0)
    a, b = np.cov(real, rowvar=False), np.cov(made, rowvar=False)
    # The square root of a b has the eigenvalues of that of sqrt(a) b sqrt(a), which stays symmetric where few clips leave ranks empty.
    half = np.real(sqrtm(a + 1e-9 * np.eye(len(a))))
    root = np.sqrt(np.maximum(np.linalg.eigvalsh(half @ b @ half), 0)).sum()
    return float(mean @ mean + np.trace(a) + np.trace(b) - 2 * root)


def diversity(motions: Array, generator: np.random.Generator) -> float:
    """Mean distance of randomly paired motions [N, D]."""
    if len(motions) < 2:
        return float("nan")
    first = generator.integers(len(motions), size=PAIRS)
    second = (first + generator.integers(1, len(motions), size=PAIRS)) % len(motions)
    return float(np.linalg.norm(motions[first] - motions[second], axis=1).mean())


def multimodality(groups: Sequence[Array]) -> float:
    """Mean distance of two motions [S, D] of the same sentence; groups of one are left out."""
    means = [float(np.linalg.norm(g[:, None] - g, axis=-1)[np.triu_indices(len(g), 1)].mean()) for g in groups if len(g) > 1]
    return float(np.mean(means)) if means else float("nan")


def spread(values: Sequence[float] | Array) -> dict[str, float]:
    """Mean over repetitions and half the width of its 95 % interval, by Student's t: there may be as few as three."""
    found, count = np.asarray(values, dtype=np.float64), len(values)
    return {
        "mean": float(found.mean()),
        "ci95": float(t.ppf(0.975, count - 1) * found.std(ddof=1) / count**0.5) if count > 1 else float("nan"),
    }
