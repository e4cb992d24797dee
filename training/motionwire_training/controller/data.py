"""Batches of windows for the controller: balanced over kinds of movement, mirrored at random where they may be."""

import math
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from motionwire.controller import layout
from motionwire.errors import InputError
from motionwire.motion.mirror import FLIP_POSITION, MIRROR_JOINTS
from motionwire.motion.skeleton import JOINTS
from motionwire_training.controller.configuration import CATEGORIES, ControllerConfig
from motionwire_training.controller.frames import Frames
from motionwire_training.controller.model import root_step
from motionwire_training.loop import Batch

RARE = [CATEGORIES.index("backward"), CATEGORIES.index("sideways")]
READ = {  # prepared column: its name in a batch
    "poses": "pose",
    "trajectory": "trajectory",
    "gait": "gait",
    "phase": "phase",
    "phase_delta": "phase_delta",
    "phase_weight": "phase_weight",
    "contacts": "contacts",
    "root_delta": "root_delta",
}
FLIP_SIX = np.array([1, -1, -1, -1, 1, 1], np.float32)  # 6D of a rotation reflected through x = 0: entries 01, 02, 10 change sign
MOST_DRAWS = 100
STATISTICS_FRAMES = 40_000
LEAST_STD = 1e-3  # of what hardly varies
RANGE_MARGIN = 0.1  # of the data's range, allowed beyond it


class Windows:
    """Windows of `horizon` + 1 frames: which ones, with numpy's generators, and what is in them, on `device`.

    On the CPU the frames stay mapped from disk; on another device they are held in its memory.
    """

    def __init__(self, frames: Frames, config: ControllerConfig, device: torch.device | str = "cpu") -> None:
        self.frames, self.config, self.device = frames, config, torch.device(device)
        shares = np.array([config.sampling.get(name, 0.0) for name in CATEGORIES])
        self._sizes = np.array([len(rows) for rows in frames.by_category])
        shares[self._sizes == 0] = 0
        if shares.sum() == 0:
            shares[self._sizes > 0] = 1
        self._shares = shares / shares.sum()
        self._rows, self._begins = np.concatenate(frames.by_category), np.cumsum(self._sizes) - self._sizes
        self._columns = {name: torch.from_numpy(frames.columns[name]).to(self.device) for name in READ}
        self._styles = torch.eye(len(frames.styles), device=self.device)
        self._mirrors = {name: (order.to(self.device), signs.to(self.device)) for name, (order, signs) in MIRRORS.items()}

    def draw(self, rng: np.random.Generator, count: int, horizon: int) -> NDArray[np.int64]:
        """First frames [count] of windows that stay inside their clips, categories as `sampling` asks; raises InputError where no clip
        is that long."""
        takes, found = self.frames.columns["take"], np.empty(0, np.int64)
        for _ in range(MOST_DRAWS):
            kinds = rng.choice(len(CATEGORIES), count, p=self._shares)
            picks = self._rows[self._begins[kinds] + rng.integers(self._sizes[kinds])]
            first = np.minimum(picks, self.frames.columns["last"][picks] - horizon)
            inside = (first >= 0) & (takes[np.maximum(first, 0)] == takes[picks])
            found = np.concatenate((found, first[inside]))
            if len(found) >= count:
                return found[:count]
        raise InputError(f"hardly any clip for the controller is {horizon + 1} frames long", self.config.data)

    def choose(self, rng: np.random.Generator, count: int, horizon: int) -> Batch:
        """Windows to learn from: first frames [count], which of them are mirrored, and styles, some of which are shown as neutral."""
        first = self.draw(rng, count, horizon)
        style = self.frames.columns["style"][first].astype(np.int64)
        rare = np.isin(self.frames.columns["category"][first], RARE)
        style[rng.random(count) < np.where(rare, self.config.rare_style_dropout, self.config.style_dropout)] = 0
        mirrored = (rng.random(count) < 0.5) & (self.frames.columns["mirror_ok"][first] > 0)
        chosen = {"first": first, "mirrored": mirrored, "style": style}
        return {name: torch.from_numpy(values) for name, values in chosen.items()}

    def as_recorded(self, first: NDArray[np.int64], *, mirrored: bool = False) -> Batch:
        """These windows [B] for `read`, in their own styles, all mirrored or none."""
        style = self.frames.columns["style"][first].astype(np.int64)
        chosen = {"first": first, "mirrored": np.full(len(first), mirrored), "style": style}
        return {name: torch.from_numpy(values) for name, values in chosen.items()}

    def read(self, chosen: Batch, horizon: int) -> Batch:
        """What is in chosen windows: tensors [B, horizon + 1, ...] on the device, root_delta [B, horizon, 3], and style [B, S]."""
        chosen = {name: value.to(self.device) for name, value in chosen.items()}
        rows = chosen["first"][:, None] + torch.arange(horizon + 1, device=self.device)
        batch = {name: self._columns[column][rows] for column, name in READ.items()}
        side = chosen["mirrored"][:, None, None]
        for name, (order, signs) in self._mirrors.items():
            batch[name] = torch.where(side, batch[name][..., order] * signs, batch[name])
        for name in ("phase", "phase_delta", "phase_weight"):
            batch[name] = batch[name][..., None]
        batch["phase"] = batch["phase"] + math.pi * side
        batch["root_delta"] = batch["root_delta"][:, :-1]
        return {**batch, "style": self._styles[chosen["style"]]}

    def statistics(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Means, standard deviations and the range of poses for the network's normalisation, of windows as they are drawn; on the CPU."""
        chosen = self.choose(np.random.default_rng(0), STATISTICS_FRAMES, 1)
        batch = {name: value.cpu() for name, value in self.read(chosen, 1).items()}
        future = future_of(batch["trajectory"][:, 0])
        low, high = batch["pose"].amin((0, 1)), batch["pose"].amax((0, 1))
        margin = RANGE_MARGIN * (high - low)
        return {
            "pose_range": (low - margin, high + margin),
            "pose": _moments(batch["pose"][:, 0], POSE_GROUPS),
            "trajectory": _moments(batch["trajectory"][:, 0], _trajectory_groups(layout.SAMPLES)),
            "future": _moments(future, _trajectory_groups(layout.FUTURE)),
            "root": _moments(batch["root_delta"][:, 0] - root_step(batch["trajectory"][:, 0]), [slice(0, 2), slice(2, 3)], 1e-5),
            "phase_delta": _moments(batch["phase_delta"][:, 0], [slice(0, 1)]),
        }


POSE_GROUPS = [
    *(slice(start, start + 3) for start in range(0, JOINTS * 6, 3)),
    *(slice(start, start + 6) for start in range(layout.ROTATIONS.start, layout.POSE, 6)),
]


def _trajectory_groups(samples: int) -> list[slice]:
    """Each sample's position, direction and speed on their own."""
    pairs = [slice(start, start + 2) for start in range(0, 4 * samples, 2)]
    return [*pairs, *(slice(index, index + 1) for index in range(4 * samples, 5 * samples))]


def _moments(values: Tensor, groups: list[slice], least: float = LEAST_STD) -> tuple[Tensor, Tensor]:
    """Mean per value; one standard deviation per group of values that share a unit and a joint."""
    mean, variance = values.mean(0), values.var(0)
    for group in groups:
        variance[group] = variance[group].mean()
    return mean, variance.sqrt().clamp_min(least)


def _mirrored(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Pose vectors [..., 264] of the mirrored figure."""
    lead = values.shape[:-1]
    parts = []
    for part, size, flip in ((layout.POSITIONS, 3, FLIP_POSITION), (layout.VELOCITIES, 3, FLIP_POSITION), (layout.ROTATIONS, 6, FLIP_SIX)):
        parts.append((values[..., part].reshape(*lead, JOINTS, size)[..., MIRROR_JOINTS, :] * flip).reshape(*lead, JOINTS * size))
    return np.concatenate(parts, axis=-1)


def _mirrors() -> dict[str, tuple[Tensor, Tensor]]:
    """For what is not the same when mirrored: from where each value comes and its sign."""
    poses = _mirrored(np.arange(1, layout.POSE + 1, dtype=np.float32))
    across = np.ones(layout.TRAJECTORY, np.float32)
    across[0 : 4 * layout.SAMPLES : 2] = -1  # x of positions and directions
    return {
        "pose": (torch.from_numpy(np.abs(poses).astype(np.int64) - 1), torch.from_numpy(np.sign(poses))),
        "trajectory": (torch.arange(layout.TRAJECTORY), torch.from_numpy(across)),
        "root_delta": (torch.arange(3), torch.tensor([-1.0, 1.0, -1.0])),
        "contacts": (torch.tensor([2, 3, 0, 1]), torch.ones(layout.CONTACTS)),
    }


MIRRORS = _mirrors()


def future_of(trajectory: Tensor) -> Tensor:
    """The future samples [..., 30] of full trajectories [..., 60]."""
    n, first = layout.SAMPLES, layout.PRESENT + 1
    return torch.cat(
        (trajectory[..., 2 * first : 2 * n], trajectory[..., 2 * (n + first) : 4 * n], trajectory[..., 4 * n + first :]), dim=-1
    )


class Epochs:
    """`length` choices of windows per call, as long as the schedule asks at each step, with what else the schedule says of the step,
    once for each window: what `loop.fit` asks for. So a step waits for nothing that the host knows."""

    def __init__(self, windows: Windows, config: ControllerConfig, length: int) -> None:
        self.windows, self.config, self.length = windows, config, length

    def __call__(self, epoch: int) -> Iterator[Batch]:
        for index in range(self.length):
            config, step = self.config, epoch * self.length + index
            stage = config.stage_at(step)
            count = max(8, config.batch_size // stage.horizon)
            schedule = {
                "forced": config.teacher_forcing.probability(step, config.steps, self.length),
                "long_share": config.long_share(step),
            }
            chosen = self.windows.choose(np.random.default_rng((config.seed, epoch, index)), count, stage.horizon)
            yield {**chosen, **{name: torch.full((count,), value) for name, value in schedule.items()}}
