"""All training features held on the training device, windows cut out of them there: for data sets that fit (1.9 GB for ten hours).

The streaming loader (data.py) reads and copies each window on the CPU, which a large GPU would wait for.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from motionwire.errors import InputError
from motionwire_training.features import MIRROR_CHANNELS, MIRROR_SIGNS, read_features
from motionwire_training.loop import Batch
from motionwire_training.tokenizer.configuration import TokenizerConfig
from motionwire_training.tokenizer.data import random_starts, still, windows_of


class ResidentFeatures:
    """The training clips' features on `device`; epochs have the make-up of `data.epoch`, fully mixed. Raises InputError without clips."""

    def __init__(self, config: TokenizerConfig, shares: Mapping[str, float], device: torch.device) -> None:
        self._config, self._device = config, device
        clips = list(read_features(Path(config.data), "train", config.licence))
        if not clips:
            raise InputError(f"no training clips of licence {config.licence}", config.data)
        # Behind each clip stands its last pose at rest: windows of a short clip go on there.
        parts = [part for clip in clips for part in (clip.features, still(clip.features[-1:]))]
        self._frames = torch.from_numpy(np.concatenate(parts)).to(device)
        self._lengths = np.array([len(clip.features) for clip in clips])
        self._firsts = np.concatenate(([0], np.cumsum(self._lengths + 1)[:-1]))
        self._windows_of_clip = np.array([shares[clip.kind] * windows_of(len(clip.features), config.window) for clip in clips])
        self._mirrors = np.array([clip.labels.get("mirror_ok", True) for clip in clips])
        self._channels, self._signs = (torch.from_numpy(values).to(device) for values in (MIRROR_CHANNELS, MIRROR_SIGNS))

    def epoch(self, number: int) -> Iterator[Batch]:
        """Batches {"features": float32 [B, window, 276]} of one pass, of each clip its share of as many windows as cover it."""
        config, generator = self._config, np.random.default_rng([self._config.seed, number])
        counts = (self._windows_of_clip + generator.random(len(self._lengths))).astype(np.intp)
        clips = np.repeat(np.arange(len(self._lengths)), counts)
        clips = generator.permutation(clips)
        starts = random_starts(self._lengths[clips], config.window, generator)
        mirrored = self._mirrors[clips] & (generator.random(len(clips)) < 0.5)
        drawn = np.stack((self._firsts[clips], self._lengths[clips], starts, mirrored), axis=1)
        chosen = torch.from_numpy(drawn).to(self._device)  # at once: each copy would be waited for
        for at in range(0, len(clips) - config.batch_size + 1, config.batch_size):
            yield {"features": self._windows(chosen[at : at + config.batch_size])}

    def _windows(self, chosen: Tensor) -> Tensor:
        """chosen int64 [B, 4]: a clip's first row and length, first frame of the window, mirrored or not."""
        first, length, start, mirrored = chosen.T[..., None]
        steps = start + torch.arange(self._config.window, device=self._device)
        plain = self._frames[first + torch.minimum(steps, length)]
        return torch.where(mirrored.bool()[..., None], plain[..., self._channels] * self._signs, plain)
