"""Figures of a tokenizer on held-out clips, as the bundle quotes them."""

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor

from motionwire.motion.features import ROOT_HEIGHT
from motionwire_training.features import FeatureClip
from motionwire_training.tokenizer.data import whole_positions
from motionwire_training.tokenizer.model import Tokenizer
from motionwire_training.torch_motion import forward_kinematics, local_rotations, root_path, rotation_degrees, turn_by


def world_joints(values: Tensor) -> Tensor:
    """World positions [..., T, 22, 3] of features [..., T, 276], joints placed by their rotations."""
    path, heading = root_path(values)
    root = torch.stack((path[..., 0], values[..., ROOT_HEIGHT], path[..., 1]), dim=-1)
    return turn_by(forward_kinematics(local_rotations(values)), heading) + root[..., None, :]


@torch.no_grad()
def reconstruction_figures(model: Tokenizer, clips: Iterable[FeatureClip]) -> dict[str, float]:
    """Averages over clips.

    mpjpe_mm: joints by forward kinematics relative to the root, also per source; rotation_deg: angle over all local rotations;
    jitter_ratio: mean acceleration of world joints over the data's; drift_cm: median error of the root on the ground at the
    clip's end; usage: share of codes used at least once; perplexity: exp of the codes' entropy over the number of codes.
    """
    device = model.mean.device
    counts = torch.zeros(model.groups, model.codes)
    rows: list[tuple[float, ...]] = []
    sources: list[str] = []
    for clip in clips:
        wanted = torch.from_numpy(whole_positions(clip.features, model.stride))[None].to(device)
        found, codes, _ = model(wanted)
        for group in range(model.groups):
            counts[group] += torch.bincount(codes[0, :, group].long().cpu(), minlength=model.codes)
        rotations, wanted_rotations = local_rotations(found), local_rotations(wanted)
        error = forward_kinematics(rotations) - forward_kinematics(wanted_rotations)
        joints, wanted_joints = world_joints(found), world_joints(wanted)
        drift = (joints - wanted_joints)[0, -1, 0, [0, 2]].norm()
        rows.append(
            (
                1000 * float(error.norm(dim=-1).mean()),
                float(rotation_degrees(rotations, wanted_rotations).mean()),
                float(_acceleration(joints)),
                float(_acceleration(wanted_joints)),
                100 * float(drift),
            )
        )
        sources.append(str(clip.labels.get("source", "")))
    table = np.array(rows)
    share = counts / counts.sum(1, keepdim=True)
    entropy = -(share * share.clamp_min(1e-12).log()).sum(1)
    figures = {
        "mpjpe_mm": table[:, 0].mean(),
        "rotation_deg": table[:, 1].mean(),
        "jitter_ratio": table[:, 2].mean() / table[:, 3].mean(),
        "drift_cm": float(np.median(table[:, 4])),
        "usage": float((counts > 0).float().mean()),
        "perplexity": float((entropy.exp() / model.codes).mean()),
    }
    for source in sorted(set(sources)):
        figures[f"mpjpe_mm_{source}"] = table[[s == source for s in sources], 0].mean()
    return figures


def _acceleration(joints: Tensor) -> Tensor:
    """Mean size of second differences of world joints [1, T, 22, 3], m/frame^2."""
    return joints.diff(dim=1).diff(dim=1).norm(dim=-1).mean()
