"""How far a second of free run can come at best: the network beside what real motion itself leaves open, and beside naive forecasts.

    python tests/benchmarks/controller_ambiguity.py DATA [--bundle research]

DATA is a data set for the bundle's licence. All figures are mean geodesic errors over the joints (degrees), of the windows of `val` that
training validates with, so many frames after the last true pose. "recorded" is the nearest recorded motion: for each window the window
of `train` in the same style (made ones, such as bent and resampled takes, count too) whose first pose, path and phase are nearest, and
whose path and phase after a second are as well. Its poses are read as a forecast of the window's; "its turns" as well, carried over to the
window's own first pose. "hold" keeps the last pose, "constant velocity" goes on turning each joint as it last did. The second table is of
the quarter of the windows whose neighbours begin nearest.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from motionwire.bundle import Bundle
from motionwire.controller import layout
from motionwire.controller.layout import FPS
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.data import Windows
from motionwire_training.controller.metrics import predict
from motionwire_training.controller.preparation import prepare
from motionwire_training.controller.train import VALIDATION_WINDOWS
from motionwire_training.data.shards import read_dataset
from motionwire_training.evaluation.controller.validation import Graph
from motionwire_training.torch_motion import local_rotations, product, rotation_degrees

SHOWN = (1, 2, 3, 6, 12, 30, FPS)  # frames after the last true pose
MOST_CANDIDATES = 150_000  # frames of a style that neighbours are sought among


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--bundle", default="research")
    given = arguments.parse_args()
    config = ControllerConfig(data=str(given.data), out="unused", licence=given.bundle)
    version = str(read_dataset(given.data)["version"])
    train, val = (Windows(prepare(config, split, version), config) for split in ("train", "val"))
    first = val.draw(np.random.default_rng(1), VALIDATION_WINDOWS, FPS + 1)
    batch = val.read(val.as_recorded(first), FPS + 1)  # a frame more, so that there is a last velocity
    truth = local_rotations(batch["pose"], layout.ROTATIONS)
    after = {name: value if name == "style" else value[:, 1:] for name, value in batch.items()}

    graph = Graph(Bundle.load(given.bundle).session("controller"))
    near, free = (local_rotations(predict(graph, after, free=free).pose, layout.ROTATIONS) for free in (False, True))
    neighbours = nearest(train, val, first + 1)
    apart = rotation_degrees(neighbours[:, 0], truth[:, 1]).mean(-1)
    turns = product(neighbours[:, :1].mT.expand_as(near), neighbours[:, 1:])
    forecasts = {
        "network, teacher-forced": near,
        "network, free": free,
        "hold": truth[:, 1:2].expand_as(near),
        "constant velocity": coasting(truth),
        "recorded": neighbours[:, 1:],
        "recorded, its turns": product(truth[:, 1:2].expand_as(near), turns),
    }
    print(f"{len(first)} windows of {given.data}, bundle {given.bundle}")
    for rows in (torch.arange(len(apart)), apart.argsort()[: len(apart) // 4]):
        print(f"\n{len(rows)} windows, recorded neighbours begin {apart[rows].mean():.1f} degrees away\n")
        print("| forecast | " + " | ".join(f"{frames}" for frames in SHOWN) + " | 1 s over 1 frame |\n|" + "---|" * (len(SHOWN) + 2))
        for name, forecast in forecasts.items():
            errors = rotation_degrees(forecast[rows], truth[rows, 2:]).mean((0, 2))
            figures = [f"{errors[frames - 1]:.2f}" for frames in SHOWN]
            print(f"| {name} | " + " | ".join(figures) + f" | {errors[-1] / errors[0]:.1f} |")


def coasting(truth: Tensor) -> Tensor:
    """Forecasts [B, H, J, 3, 3] from windows [B, H + 2, J, 3, 3] whose joints go on turning as between the first two frames."""
    step, now, out = product(truth[:, 0].mT, truth[:, 1]), truth[:, 1], []
    for _ in range(truth.shape[1] - 2):
        now = product(now, step)
        out.append(now)
    return torch.stack(out, dim=1)


def nearest(train: Windows, val: Windows, first: NDArray[np.int64]) -> Tensor:
    """Rotations [B, FPS + 1, J, 3, 3] of the motions of `train` nearest to the windows of `val` that begin at `first` [B]."""
    styles, found = val.frames.columns["style"][first], np.empty(len(first), np.int64)
    rng, columns = np.random.default_rng(0), train.frames.columns
    for style in np.unique(styles):
        rows = np.flatnonzero((columns["style"] == style) & (columns["last"] - np.arange(len(train.frames)) >= FPS))
        rows = np.sort(rng.choice(rows, min(MOST_CANDIDATES, len(rows)), replace=False))
        there, wanted = described(train, rows), described(val, first[styles == style])
        scale = there.std(axis=0) + 1e-3
        apart = torch.cdist(torch.from_numpy(wanted / scale), torch.from_numpy(there / scale))
        found[styles == style] = rows[apart.argmin(dim=1).numpy()]
    return local_rotations(train.read(train.as_recorded(found), FPS)["pose"], layout.ROTATIONS)


def described(windows: Windows, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """What neighbours share [N, ...]: the pose, path and phase of these frames, and path and phase a second on. A pose has about as many
    numbers as all the rest."""
    columns = windows.frames.columns
    parts = [columns["poses"][rows][:, layout.ROTATIONS]]
    for at in (rows, rows + FPS):
        phase = columns["phase"][at]
        parts += [columns["trajectory"][at], 3 * np.stack((np.sin(phase), np.cos(phase)), axis=1)]
    return np.concatenate(parts, axis=1).astype(np.float32)


if __name__ == "__main__":
    main()
