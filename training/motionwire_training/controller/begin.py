"""A controller that begins with the weights of another one, whose data had other means, deviations and styles.

The new network is the old one as a function of plain poses and paths: what its normalisation is other than the old one's is taken back in
the layers beside it. A style that the old one did not know begins as its first style, neutral.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from motionwire.controller import layout
from motionwire.errors import InputError
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.film import HARMONICS, FilmTrunk
from motionwire_training.controller.model import HEADS, ControllerNetwork

SHAPE = ("architecture", "hidden", "control_points")
GAITS = len(layout.GAITS)
OUTPUTS = ("pose", "root", "future", "contacts", "phase_delta", "gait")  # whose sizes HEADS are
LOGITS = ("contacts", "gait")  # these have no units


class Units(NamedTuple):
    """What standardised values of an old network are in those of a new one: `scale` times them, and `shift`."""

    scale: Tensor
    shift: Tensor


def check_shape(config: ControllerConfig, before: ControllerConfig) -> None:
    """Raises InputError where the networks of both configurations are not of one shape."""
    for name in SHAPE:
        if getattr(config, name) != getattr(before, name):
            raise InputError(f"has {name}={getattr(before, name)}, this training {getattr(config, name)}", config.begin_from)


@torch.no_grad()
def carry_over(old: ControllerNetwork, old_styles: Sequence[str], new: ControllerNetwork, new_styles: Sequence[str]) -> None:
    """Give `new`, whose normalisation is set, the function of `old`."""
    inputs, outputs = _inputs(old, new), _outputs(old, new)
    columns = [old_styles.index(style) if style in old_styles else 0 for style in new_styles]
    new.load_state_dict({**new.state_dict(), **_trunk(old, inputs, outputs, columns)})
    new.inertia.copy_(old.inertia)
    new.pose_low.copy_(torch.minimum(old.pose_low, new.pose_low))
    new.pose_high.copy_(torch.maximum(old.pose_high, new.pose_high))


def _inputs(old: ControllerNetwork, new: ControllerNetwork) -> Units:
    """Of pose and trajectory [324] as the trunk gets them, from new to old."""
    influence = torch.ones(layout.TRAJECTORY)
    before, after = (torch.cat((torch.full((layout.POSE,), one.pose_influence), influence)) for one in (old, new))
    mean, std = (torch.cat((getattr(old, f"pose_{name}"), getattr(old, f"trajectory_{name}"))) for name in ("mean", "std"))
    new_mean, new_std = (torch.cat((getattr(new, f"pose_{name}"), getattr(new, f"trajectory_{name}"))) for name in ("mean", "std"))
    return Units(before / after * new_std / std, before * (new_mean - mean) / std)


def _outputs(old: ControllerNetwork, new: ControllerNetwork) -> Units:
    """Of the trunk's raw outputs, from old to new. A pose is added to what is kept of the present one, so its mean counts in part."""
    scale, shift = torch.ones(sum(HEADS)), torch.zeros(sum(HEADS))
    for name, own_scale, own_shift in zip(OUTPUTS, scale.split(HEADS), shift.split(HEADS), strict=True):
        if name in LOGITS:
            continue
        mean, std = getattr(old, f"{name}_mean"), getattr(old, f"{name}_std")
        new_mean, new_std = getattr(new, f"{name}_mean"), getattr(new, f"{name}_std")
        own_scale.copy_(std / new_std)
        own_shift.copy_((mean - new_mean) / new_std * (1 - old.kept if name == "pose" else 1))
    return Units(scale, shift)


def _trunk(old: ControllerNetwork, inputs: Units, outputs: Units, columns: list[int]) -> dict[str, Tensor]:
    """The weights of the new trunk."""
    found = dict(old.trunk.state_dict())
    known = len(inputs.scale)
    if isinstance(old.trunk, FilmTrunk):
        first = torch.cat((found["encoder.weight"], found["path.weight"]), dim=1)
        found["encoder.bias"] = found["encoder.bias"] + first @ inputs.shift
        found["encoder.weight"], found["path.weight"] = (first * inputs.scale).split((layout.POSE, layout.TRAJECTORY), dim=1)
        found["condition.weight"] = _styled(found["condition.weight"], GAITS, 2 * HARMONICS, columns)
        found["third.weight"] = found["third.weight"] * outputs.scale[:, None]
        found["third.bias"] = found["third.bias"] * outputs.scale + outputs.shift
    else:
        points = len(found["first.bias"])
        first = found["first.weight"].unflatten(0, (points, -1))  # [K, I, O]
        found["first.bias"] = found["first.bias"] + torch.einsum("kio,i->ko", first[:, :known], inputs.shift)
        scaled = torch.cat((first[:, :known] * inputs.scale[:, None], first[:, known:]), dim=1)
        found["first.weight"] = _styled(scaled.mT, known + GAITS, 0, columns).mT.flatten(0, 1)
        found["third.weight"] = found["third.weight"] * outputs.scale
        found["third.bias"] = found["third.bias"] * outputs.scale + outputs.shift
    return {f"trunk.{name}": value.contiguous() for name, value in found.items()}


def _styled(weight: Tensor, begin: int, behind: int, columns: list[int]) -> Tensor:
    """Weights [..., O, I] whose inputs from `begin` on, but the last `behind`, are styles, with the styles in these columns."""
    end = weight.shape[-1] - behind
    styles = weight[..., begin:end][..., columns]
    return torch.cat((weight[..., :begin], styles, weight[..., end:]), dim=-1)
