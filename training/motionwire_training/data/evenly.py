"""What is drawn how often, where some contents have hundreds of clips in many styles and others one."""

import numpy as np
from numpy.typing import NDArray


def half_by_content(weights: NDArray[np.float64], content: NDArray[np.integer]) -> NDArray[np.float64]:
    """Probabilities [N] of what has these weights [N] and is of these contents [N]: half of the draws fall by the weights, half evenly on
    contents, and in each by the weights."""
    _, number = np.unique(content, return_inverse=True)
    of_content = np.bincount(number, weights)
    return np.asarray(0.5 * weights / weights.sum() + 0.5 * weights / (of_content[number] * len(of_content)))
