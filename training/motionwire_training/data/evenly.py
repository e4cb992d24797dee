"""What is drawn how often, where some contents have hundreds of clips in many styles and others one."""

import numpy as np
from numpy.typing import NDArray


def partly_by_content(weights: NDArray[np.float64], content: NDArray[np.integer], share: float) -> NDArray[np.float64]:
    """Probabilities [N] of what has these weights [N] and is of these contents [N]: `share` of the draws fall evenly on contents, and in
    each by the weights, the others by the weights alone."""
    _, number = np.unique(content, return_inverse=True)
    of_content = np.bincount(number, weights)
    return np.asarray((1 - share) * weights / weights.sum() + share * weights / (of_content[number] * len(of_content)))
