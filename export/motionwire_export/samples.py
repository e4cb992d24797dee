"""Real input for the parity checks: a held-out clip of the run's own data."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from motionwire.generator import layout
from motionwire_training.features import read_features
from motionwire_training.tokenizer.data import whole_positions

FRAMES = 240


def real_features(config: dict[str, Any]) -> Tensor:
    """Features [1, T, 276], T a multiple of 4 and at most 240, of the first validation clip of a run's data."""
    clip = next(iter(read_features(Path(config["data"]), "val", config["licence"])))
    return torch.from_numpy(whole_positions(clip.features[:FRAMES], layout.STRIDE))[None]
