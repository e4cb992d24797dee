"""What reconstruction costs: joints, rotations, jitter, drift and feet of a clip against what the tokenizer gives back."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from motionwire.generator import layout
from motionwire.motion import features
from motionwire.motion.skeleton import JOINTS
from motionwire_training.evaluation.controller.feet import slides
from motionwire_training.evaluation.tokenizer.graphs import TokenizerGraphs
from motionwire_training.features import FeatureClip
from motionwire_training.tokenizer.data import whole_positions
from motionwire_training.tokenizer.metrics import world_joints
from motionwire_training.torch_motion import forward_kinematics, local_rotations, rotation_degrees

WINDOW = 60  # frames: a fixed length, since drift grows with a clip's own
BEGINNING = 48  # frames of what is coded anew, to see how long it takes to find the pose
Array = NDArray[np.float32]
Figures = dict[str, float]


def reconstruction(graphs: TokenizerGraphs, clips: Iterable[FeatureClip]) -> dict[str, Any]:
    """Means over clips, at the top and by_source; medians; windows: over WINDOW frames; usage and perplexity of the codes.

    mpjpe_mm: joints by forward kinematics of the rotations, the root aligned; mpjpe_positions_mm: of the position features;
    rotation_deg: angle over local rotations; jitter_ratio: acceleration of world joints over the data's; drift_cm: of the root on the
    ground at the end; foot_skate_added_cm_s: by the data's contacts. usage: share of codes used at least once; perplexity: exp of
    the codes' entropy over their number; beginning_mm: mpjpe_mm by position of stretches of BEGINNING frames that are coded from nothing,
    at the top and by source; streamed_difference: largest one between streamed and whole decoding, over the features' spread.
    """
    rows: list[tuple[str, Figures, list[Figures]]] = []
    begun: dict[str, list[NDArray[np.float64]]] = defaultdict(list)
    counts = np.zeros((graphs.groups, graphs.codes), np.int64)
    streamed, square, count = 0.0, 0.0, 0
    for clip in clips:
        wanted = whole_positions(clip.features, layout.STRIDE)
        codes = graphs.encode(wanted)
        found = graphs.decode(codes)
        streamed = max(streamed, float(np.abs(graphs.stream(codes) - found).max()))
        square, count = square + float((wanted.astype(np.float64) ** 2).sum()), count + wanted.size
        for group in range(graphs.groups):
            counts[group] += np.bincount(codes[:, group], minlength=graphs.codes)
        source = str(clip.labels.get("source", ""))
        begun[source] += [beginning(graphs, wanted[at : at + BEGINNING]) for at in range(0, len(wanted) - BEGINNING + 1, 2 * BEGINNING)]
        parts = [slice(at, at + WINDOW) for at in range(0, len(wanted) - WINDOW + 1, WINDOW)]
        rows.append((source, errors(wanted, found), [errors(wanted[part], found[part]) for part in parts]))
    share = counts / counts.sum(axis=1, keepdims=True)
    entropy = -(share * np.log(np.maximum(share, 1e-12))).sum(axis=1)
    by_source = defaultdict(list)
    for source, figures, _ in rows:
        by_source[source].append(figures)
    return {
        **_summary([figures for _, figures, _ in rows]),
        "usage": float((counts > 0).mean()),
        "perplexity": float((np.exp(entropy) / graphs.codes).mean()),
        "codes": graphs.codes,
        "groups": graphs.groups,
        "bits_per_position": graphs.groups * float(np.log2(graphs.codes)),
        "positions": int(counts[0].sum()),
        "streamed_difference": streamed / max((square / max(count, 1)) ** 0.5, 1e-9),
        "medians": _summary([figures for _, figures, _ in rows], np.median),
        "beginning_mm": _mean([row for rows_of in begun.values() for row in rows_of]),
        "windows": _summary([figures for *_, windows in rows for figures in windows]),
        "by_source": {
            source: {"clips": len(found), **_summary(found), "beginning_mm": _mean(begun[source])}
            for source, found in sorted(by_source.items())
        },
    }


def beginning(graphs: TokenizerGraphs, values: Array) -> NDArray[np.float64]:
    """Mean error of the joints, mm, in each position [T / 4] of features [T, 276] that are coded alone."""
    truth, made = (
        forward_kinematics(local_rotations(torch.from_numpy(part.astype(np.float64)))) for part in (values, graphs.replay(values))
    )
    apart = (made - truth).norm(dim=-1).mean(dim=-1).numpy()
    return 1000 * np.asarray(apart.reshape(-1, layout.STRIDE).mean(axis=1))


def _mean(rows: list[NDArray[np.float64]]) -> list[float]:
    return [round(float(value), 2) for value in np.mean(rows, axis=0)] if rows else []


def errors(wanted: Array, found: Array) -> Figures:
    """Figures of one clip's or window's features [T, 276]."""
    truth, made = (torch.from_numpy(part.astype(np.float64)) for part in (wanted, found))
    turns, turns_made = local_rotations(truth), local_rotations(made)
    apart = forward_kinematics(turns_made) - forward_kinematics(turns)
    places = (made - truth)[:, features.POSITIONS].unflatten(-1, (JOINTS, 3))
    joints, joints_made = world_joints(truth), world_joints(made)
    contacts = wanted[:, None, features.CONTACTS]
    skate = [_skate(part.numpy(), contacts) for part in (joints, joints_made)]
    return {
        "mpjpe_mm": 1000 * float(apart.norm(dim=-1).mean()),
        "mpjpe_positions_mm": 1000 * float(places.norm(dim=-1).mean()),
        "rotation_deg": float(rotation_degrees(turns_made, turns).mean()),
        "acceleration": _acceleration(joints_made),
        "acceleration_data": _acceleration(joints),
        "drift_cm": 100 * float((joints_made - joints)[-1, 0, [0, 2]].norm()),
        "foot_skate_added_cm_s": 100 * (skate[1] - skate[0]),
    }


def _skate(joints: NDArray[np.float64], contacts: Array) -> float:
    speeds = slides(joints[:, None], contacts, features.FPS)
    return float(speeds.mean()) if speeds.size else 0.0


def _acceleration(joints: torch.Tensor) -> float:
    """Mean size of second differences, m/s2."""
    return float(joints.diff(dim=0).diff(dim=0).norm(dim=-1).mean()) * features.FPS**2 if len(joints) > 2 else 0.0


def _summary(rows: list[Figures], middle: Callable[[list[float]], np.floating] = np.mean) -> Figures:
    """Means, or another middle; the jitter is the ratio of the middle accelerations, the drift always the median."""
    if not rows:
        return {}
    found = {name: float(middle([row[name] for row in rows])) for name in rows[0]}
    jitter = found.pop("acceleration") / max(found.pop("acceleration_data"), 1e-9)
    return {**found, "jitter_ratio": jitter, "drift_cm": float(np.median([row["drift_cm"] for row in rows]))}
