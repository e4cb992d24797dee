"""Does the generator replay its training clips? How near generated motion comes to the nearest training clip, beside real motion.

Windows of two seconds, five poses a second, as joint positions without heading and place; the distance is the root mean square
over poses and joints. The training clips are looked through from every tenth of a second, and in their mirror image.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from motionwire.motion.features import POSITIONS
from motionwire.motion.skeleton import JOINTS
from motionwire_training.evaluation.text_to_motion.library import Library
from motionwire_training.features import mirror_features

POSES, EVERY, START = 10, 6, 3  # of a window; frames between poses; frames between the windows' starts
LONG = POSES * EVERY
MOST = 300  # windows that are looked for

Array = NDArray[np.float32]


def windows(clips: Sequence[Array], generator: np.random.Generator) -> Array:
    """At most MOST windows [Q, 660] of clips' features [T, 276] that do not overlap; those of shorter clips are left out."""
    found = [clip[at : at + LONG : EVERY, POSITIONS].ravel() for clip in clips for at in range(0, len(clip) - LONG + 1, LONG)]
    if len(found) > MOST:
        found = [found[index] for index in generator.choice(len(found), MOST, replace=False)]
    return np.array(found, np.float32).reshape(-1, POSES * 3 * JOINTS)


def nearest(queries: Array, clips: Library) -> NDArray[np.float64]:
    """Distance [Q] in cm of each window to the nearest one of the library or its mirror image; NaN where it has none."""
    best = np.full(len(queries), np.inf)
    squares = (queries.astype(np.float64) ** 2).sum(axis=1)
    for clip in range(len(clips)):
        values = clips.features(clip)
        if len(values) < LONG:
            continue
        for image in (values, mirror_features(values)):
            places = np.arange(0, len(image) - LONG + 1, START)[:, None] + np.arange(0, LONG, EVERY)
            there = image[places, POSITIONS].reshape(len(places), -1)
            apart = squares[:, None] + (there.astype(np.float64) ** 2).sum(axis=1) - 2 * (queries @ there.T)
            best = np.minimum(best, apart.min(axis=1))
    return np.where(np.isinf(best), np.nan, 100 * np.sqrt(np.maximum(best, 0) / (POSES * JOINTS)))


def copies(made: NDArray[np.float64], real: NDArray[np.float64], replayed: NDArray[np.float64]) -> dict[str, float]:
    """Distances of generated and of held-out real windows to the training clips, and what replaying one would measure.

    replayed: distances of training clips that went through the tokenizer, replay_cm their median. nearer_than_replay_percent: windows
    nearer than that, generated and real; takes of one actor are alike, so real ones are the measure.
    """
    limit = float(np.median(replayed)) if len(replayed) else float("nan")
    figures = {"replay_cm": limit}
    for name, distances in (("made", made), ("real", real)):
        if len(distances):
            figures[f"{name}_nearest_p5_cm"], figures[f"{name}_nearest_median_cm"] = map(float, np.percentile(distances, (5, 50)))
            figures[f"{name}_nearer_than_replay_percent"] = 100 * float(np.mean(distances < limit))
    return figures
