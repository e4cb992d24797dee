"""The graph's errors on held-out clips, as training measures its network: one frame ahead of true poses and fed its own for a second."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from motionwire.controller.controller import Sessions
from motionwire.controller.layout import FPS
from motionwire.controller.network import INPUTS, OUTPUTS
from motionwire_training.controller.clips import takes
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.data import Windows
from motionwire_training.controller.frames import encode_take, read_frames, write_frames
from motionwire_training.controller.metrics import validation_metrics
from motionwire_training.evaluation.controller.recorded import samples

WINDOWS = 512
SHORTEST = FPS + 2  # frames of a take: a window of one second and the frame it begins with


class Graph(nn.Module):
    """A bundle's controller graph, called like the network it was exported from."""

    def __init__(self, session: Any) -> None:
        super().__init__()
        self.session = session

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        feed = {name: value.numpy() for name, value in zip(INPUTS, inputs, strict=True)}
        return tuple(torch.from_numpy(np.ascontiguousarray(value)) for value in self.session.run(OUTPUTS, feed))


def validate(bundle: Sessions, styles: Sequence[str], data: Path, sources: Sequence[str]) -> dict[str, float]:
    """Figures of `metrics.validation_metrics` on windows of `val`, drawn by kind of movement as in training; none where no clip fits."""
    labelled = ((sample.clip, sample.labels) for sample in samples(data, "val", sources))
    found = [take for take in takes(labelled, [1.0]) if take.style in styles and len(take.clip) >= SHORTEST]
    if not found:
        return {}
    with TemporaryDirectory() as folder:
        write_frames(((take.style, encode_take(take)) for take in found), Path(folder) / "frames", tuple(styles))
        windows = Windows(read_frames(Path(folder) / "frames"), ControllerConfig(data=str(data), out=folder, licence="research"))
        batch = windows.read(windows.as_recorded(windows.draw(np.random.default_rng(1), WINDOWS, FPS)), FPS)
    return validation_metrics(Graph(bundle.session("controller")), batch)
