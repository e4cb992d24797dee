"""How varied the poses of a data set are: principal components of the joint rotations, from a stream over its shards."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from motionwire.motion import rotations as rot
from motionwire_training.data.sample import Sample

EVERY = 0.2  # s between the poses that count; neighbouring frames say nothing new
SHARES = (0.90, 0.95, 0.99)


def pose_dimensions(samples: Iterable[Sample]) -> dict[str, Any]:
    """Number of principal components that hold 90, 95 and 99 % of the variance of 22 joints x 6D, root heading removed."""
    count, total, products = 0, np.zeros(132), np.zeros((132, 132))
    for sample in samples:
        rotations = sample.clip.rotations[:: max(1, round(EVERY * sample.clip.fps))].astype(np.float64)
        rotations[:, 0] = rot.multiply(rot.from_yaw(-rot.yaw_of(rotations[:, 0])), rotations[:, 0])
        pose = rot.to_6d(rotations).reshape(len(rotations), -1)
        count += len(pose)
        total += pose.sum(axis=0)
        products += pose.T @ pose
    if count < 2:
        return {"poses": count}
    mean = total / count
    variances = np.linalg.eigvalsh(products / count - np.outer(mean, mean))[::-1].clip(min=0)
    shares = np.cumsum(variances) / max(variances.sum(), 1e-12)
    return {"poses": count} | {f"pca_dims_{share:.0%}".rstrip("%"): int(np.searchsorted(shares, share) + 1) for share in SHARES}
