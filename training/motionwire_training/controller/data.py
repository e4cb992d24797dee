"""Batches of windows for the controller: balanced over kinds of movement, mirrored at random, with the trajectory around each frame."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from motionwire.controller import layout
from motionwire.controller.encoding import local_samples
from motionwire.errors import InputError
from motionwire.motion.mirror import FLIP_POSITION, MIRROR_JOINTS
from motionwire.motion.skeleton import JOINTS
from motionwire_training.controller.bending import bend
from motionwire_training.controller.clips import LOCOMOTION, Take, action_of, at_60_fps, style_of, takes, transitions
from motionwire_training.controller.configuration import CATEGORIES, ControllerConfig
from motionwire_training.controller.directions import redirect
from motionwire_training.controller.frames import Frames, fingerprint, read_frames, write_frames
from motionwire_training.controller.model import root_step
from motionwire_training.controller.phase_labels import NO_LABELS, check_names, read_phase_labels
from motionwire_training.data.shards import read_shards

RARE = [CATEGORIES.index("backward"), CATEGORIES.index("sideways")]
KEPT_PER_STYLE = 40  # clips held in memory to make starts and stops of
FLIP_SIX = np.array([1, -1, -1, -1, 1, 1], np.float32)  # 6D of a rotation reflected through x = 0: entries 01, 02, 10 change sign
MIRROR_CONTACTS = [2, 3, 0, 1]
MOST_DRAWS = 100
STATISTICS_FRAMES = 40_000
LEAST_STD = 1e-3  # of what hardly varies
RANGE_MARGIN = 0.1  # of the data's range, allowed beyond it


def prepare(config: ControllerConfig, split: str, data_version: str) -> Frames:
    """Frames of a split, prepared on disk on first use."""
    made = split == "train"
    settings = [config.time_scales, config.transitions, config.bends, config.bend_rate, config.redirected, config.seed] if made else []
    phases = read_phase_labels(Path(config.phase_labels)) if config.phase_labels else NO_LABELS
    check_names(phases, Path(config.data))
    settings += [phases.digest] if phases.clips else []
    folder = Path(config.data) / f"controller-{config.licence}-{split}-{fingerprint(data_version, settings)}"
    if not folder.exists():
        styles = _styles(config)
        labelled = ((sample.clip, sample.labels) for sample in read_shards(Path(config.data), split, config.licence))
        found = takes(labelled, config.time_scales if made else [1.0], phases)
        if made:
            found = with_made_ones(found, config, np.random.default_rng(config.seed))
        write_frames((take for take in found if take.style in styles), folder, styles)
    return read_frames(folder)


def _styles(config: ControllerConfig) -> tuple[str, ...]:
    """The styles of the training split's walks and runs, neutral first."""
    samples = read_shards(Path(config.data), "train", config.licence)
    found = {style_of(str(sample.labels.get("style") or "")) for sample in samples if LOCOMOTION.match(action_of(sample.labels))}
    return (layout.NEUTRAL, *sorted(found - {layout.NEUTRAL}))


def with_made_ones(found: Iterable[Take], config: ControllerConfig, rng: np.random.Generator) -> Iterator[Take]:
    """All takes, curves and other directions made of the walks, then starts and stops made of a bounded choice of all."""
    walks: dict[str, list[Take]] = {}
    stands: dict[str, list[Take]] = {}
    seen: dict[tuple[str, bool], int] = {}
    for take in found:
        yield take
        if not take.standing:
            yield from (replace(take, clip=bend(take.clip, config.bend_rate, rng)) for _ in range(config.bends))
            if rng.random() < config.redirected and (turned := redirect(take.clip, rng)) is not None:
                yield replace(take, clip=at_60_fps(turned), cycles=None)
        kept = (stands if take.standing else walks).setdefault(take.style, [])
        number = seen[take.style, take.standing] = seen.get((take.style, take.standing), 0) + 1
        if len(kept) < KEPT_PER_STYLE:
            kept.append(take)
        elif (place := int(rng.integers(number))) < KEPT_PER_STYLE:
            kept[place] = take
    yield from transitions(list(chain(*walks.values())), list(chain(*stands.values())), config.transitions, rng)


class Windows:
    """Draws batches of windows of `horizon` + 1 frames; the same (epoch, index) gives the same batch."""

    def __init__(self, frames: Frames, config: ControllerConfig, *, mirrored: bool = True, noisy: bool = True) -> None:
        self.frames, self.config, self.mirrored, self.noisy = frames, config, mirrored, noisy
        shares = np.array([config.sampling.get(name, 0.0) for name in CATEGORIES])
        shares[[len(rows) == 0 for rows in frames.by_category]] = 0
        if shares.sum() == 0:
            shares[[len(rows) > 0 for rows in frames.by_category]] = 1
        self.shares = shares / shares.sum()

    def draw(self, rng: np.random.Generator, count: int, horizon: int) -> NDArray[np.int64]:
        """First frames [count] of windows that stay inside their clips, categories as `sampling` asks; raises InputError where no clip
        is that long."""
        takes, found = self.frames.columns["take"], np.empty(0, np.int64)
        for _ in range(MOST_DRAWS):
            kinds = rng.choice(len(CATEGORIES), count, p=self.shares)
            rows = self.frames.by_category
            picks = np.array([rows[kind][rng.integers(len(rows[kind]))] for kind in kinds])
            first = np.minimum(picks, self.frames.columns["last"][picks] - horizon)
            inside = (first >= 0) & (takes[np.maximum(first, 0)] == takes[picks])
            found = np.concatenate((found, first[inside]))
            if len(found) >= count:
                return found[:count]
        raise InputError(f"hardly any clip for the controller is {horizon + 1} frames long", self.config.data)

    def batch(self, rng: np.random.Generator, count: int, horizon: int) -> dict[str, Tensor]:
        """One batch: tensors [B, horizon + 1, ...] (poses, trajectories, gaits, phases, ...) and per-window style [B, S]."""
        first = self.draw(rng, count, horizon)
        return self.windows(first, horizon, rng if self.mirrored else None, rng if self.noisy else None)

    def windows(
        self,
        first: NDArray[np.int64],
        horizon: int,
        mirror: np.random.Generator | None = None,
        noise: np.random.Generator | None = None,
    ) -> dict[str, Tensor]:
        """Windows that begin at `first` [B]; see `batch`."""
        columns, config, count = self.frames.columns, self.config, len(first)
        rows = first[:, None] + np.arange(horizon + 1)
        poses, contacts = columns["poses"][rows], columns["contacts"][rows]
        phase, delta, weight = columns["phase"][rows], columns["phase_delta"][rows], columns["phase_weight"][rows]
        centres = columns["root_index"][rows]
        samples = centres[..., None] + layout.SAMPLE_FRAMES
        around, root = self.frames.roots[samples], self.frames.roots[centres]  # [B, H+1, 12, 3], [B, H+1, 3]
        speeds = self._speeds(samples)
        style = columns["style"][first].astype(np.int64)
        if mirror is not None:
            side = mirror.random(count) < 0.5
            poses[side] = mirror_poses(poses[side])
            contacts[side] = contacts[side][..., MIRROR_CONTACTS]
            phase[side] = np.mod(phase[side] + np.pi, 2 * np.pi)
            around[side] *= np.array([-1.0, 1.0, -1.0])
            root[side] *= np.array([-1.0, 1.0, -1.0])
        if noise is not None:
            rare = np.isin(columns["category"][first], RARE)
            style[noise.random(count) < np.where(rare, config.rare_style_dropout, config.style_dropout)] = 0
        trajectory = layout.pack_trajectory(*local_samples(around[..., :2], around[..., 2], root[..., :2], root[..., 2]), speeds)
        return {
            "pose": _tensor(poses),
            "trajectory": _tensor(trajectory),
            "gait": _tensor(layout.gait_of(speeds[..., layout.PRESENT :])),
            "style": _tensor(np.eye(len(self.frames.styles))[style]),
            "phase": _tensor(phase[..., None]),
            "phase_delta": _tensor(delta[..., None]),
            "phase_weight": _tensor(weight[..., None]),
            "contacts": _tensor(contacts),
            "root_delta": _tensor(root_deltas(root)),
        }

    def _speeds(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Ground speed in m/s at these rows of the roots, by central differences."""
        before, after = np.maximum(rows - 1, 0), np.minimum(rows + 1, len(self.frames.roots) - 1)
        step = self.frames.roots[after][..., :2] - self.frames.roots[before][..., :2]
        return np.asarray(np.linalg.norm(step, axis=-1) / (after - before) * layout.FPS)

    def statistics(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Means, standard deviations and the range of poses for the network's normalisation, of windows as they are drawn."""
        rng = np.random.default_rng(0)
        batch = self.windows(self.draw(rng, STATISTICS_FRAMES, 1), 1, rng)
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


def mirror_poses(poses: NDArray[np.float32]) -> NDArray[np.float32]:
    """Pose vectors [..., 264] of the mirrored figure."""
    lead = poses.shape[:-1]
    parts = []
    for part, size, flip in ((layout.POSITIONS, 3, FLIP_POSITION), (layout.VELOCITIES, 3, FLIP_POSITION), (layout.ROTATIONS, 6, FLIP_SIX)):
        parts.append((poses[..., part].reshape(*lead, JOINTS, size)[..., MIRROR_JOINTS, :] * flip).reshape(*lead, JOINTS * size))
    return np.concatenate(parts, axis=-1)


def root_deltas(roots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Step from each root [B, T, 3] (x, z, heading) to the next in its own frame [B, T - 1, 3]."""
    step = np.diff(roots, axis=1)
    sine, cosine = np.sin(roots[:, :-1, 2]), np.cos(roots[:, :-1, 2])
    return np.stack((cosine * step[..., 0] - sine * step[..., 1], sine * step[..., 0] + cosine * step[..., 1], step[..., 2]), axis=-1)


def future_of(trajectory: Tensor) -> Tensor:
    """The future samples [..., 30] of full trajectories [..., 60]."""
    n, first = layout.SAMPLES, layout.PRESENT + 1
    return torch.cat(
        (trajectory[..., 2 * first : 2 * n], trajectory[..., 2 * (n + first) : 4 * n], trajectory[..., 4 * n + first :]), dim=-1
    )


class Epochs:
    """`length` batches per call, the schedule's horizon at each step: what `loop.fit` asks for."""

    def __init__(self, windows: Windows, config: ControllerConfig, length: int) -> None:
        self.windows, self.config, self.length = windows, config, length

    def __call__(self, epoch: int) -> Iterator[dict[str, Tensor]]:
        for index in range(self.length):
            stage = self.config.stage_at(epoch * self.length + index)
            rng = np.random.default_rng((self.config.seed, epoch, index))
            count = max(8, self.config.batch_size // stage.horizon)
            yield self.windows.batch(rng, count, stage.run_in + stage.horizon)


def _tensor(values: NDArray[np.floating]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))
