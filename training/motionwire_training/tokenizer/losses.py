"""What a reconstruction is judged by: features, and the motion that they make (joints, their speed and acceleration, the root's path)."""

import torch
from torch import Tensor

from motionwire.motion import features
from motionwire_training.loop import Losses
from motionwire_training.tokenizer.configuration import TokenizerLosses
from motionwire_training.torch_motion import forward_kinematics, local_rotations, root_path

FEATURE_GROUPS = {
    "root": slice(features.ROOT_VELOCITY.start, features.HEADING.stop),
    "positions": features.POSITIONS,
    "velocities": features.VELOCITIES,
    "rotations": features.ROTATIONS,
    "contacts": features.CONTACTS,
}


RAMPED = ("speed", "acceleration", "path")


def reconstruction_losses(found: Tensor, wanted: Tensor, std: Tensor, weights: TokenizerLosses, done: Tensor | float = 1.0) -> Losses:
    """found, wanted: features [B, T, 276]; std: their spread [276]; done: share of the training that is behind, for the ramp.

    Returns the weighted "loss" and its unweighted terms.
    """
    terms: Losses = {}
    for name, part in FEATURE_GROUPS.items():
        spread = std[part]
        # The root's velocity and turn have different units, so each channel has its own spread; elsewhere the group shares one.
        scale = spread if name == "root" else spread.square().mean().sqrt()
        terms[name] = ((found[..., part] - wanted[..., part]) / scale).abs().mean()
    joints = torch.cat((found, wanted))
    rotations = local_rotations(joints)
    chord = (rotations[: len(found)] - rotations[len(found) :]).square().sum((-2, -1))
    terms["local_rotations"] = ((chord + 1e-6).sqrt() - 1e-3).mean()  # a root has no slope at zero
    positions = forward_kinematics(rotations)
    error = positions[: len(found)] - positions[len(found) :]
    terms["kinematics"] = error.norm(dim=-1).mean()
    speed = error.diff(dim=1)
    terms["speed"] = speed.norm(dim=-1).mean()
    terms["acceleration"] = speed.diff(dim=1).norm(dim=-1).mean()
    path, heading = root_path(joints)
    terms["path"] = (path[: len(found)] - path[len(found) :]).norm(dim=-1).mean()
    terms["path"] = terms["path"] + (heading[: len(found)] - heading[len(found) :]).abs().mean()
    ramp = torch.as_tensor(done / weights.ramp).clamp(max=1.0) if weights.ramp else 1.0
    loss = sum(getattr(weights, name) * (ramp if name in RAMPED else 1.0) * value for name, value in terms.items())
    return {"loss": torch.as_tensor(loss), **terms}
