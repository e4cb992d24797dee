"""The other way round than `folding`: a controller's network out of its exported graph.

What was folded together cannot be told apart any more, so the network gets plain units: its means are 0, its deviations 1, and it computes
what the graph computes. The gait's head is not in the graph and begins anew.
"""

from pathlib import Path

import onnx
import torch
from onnx import GraphProto
from torch import Tensor
from torch.nn.functional import pad

from motionwire.controller import layout
from motionwire.errors import InputError
from motionwire_export.folding import READ
from motionwire_export.stored import numbered, values_of
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.film import FilmTrunk
from motionwire_training.controller.model import HEADS, INERTIA, ControllerNetwork, build
from motionwire_training.controller.pfnn import PhaseFunctionedTrunk, PhaseLinear

PLAIN = layout.POSE + layout.TRAJECTORY  # inputs that are standardised
FACTORS = ("gain_1", "bias_1", "gain_2", "bias_2")


def unfolded(path: Path, config: ControllerConfig, styles: int) -> ControllerNetwork:
    """The network of a controller graph; raises InputError where that is not of this version's form."""
    stored = _layers(onnx.load(path).graph)
    network = build(config, styles)
    try:
        with torch.no_grad():
            share = (stored["ending.kept"] / (INERTIA * config.recall)).clamp(1e-4, 1 - 1e-4)
            network.inertia.copy_(torch.logit(share))
            network.pose_low.copy_(stored["ending.low"])
            network.pose_high.copy_(stored["ending.high"])
            if isinstance(network.trunk, FilmTrunk):
                _film(network.trunk, stored, config)
            else:
                _phase_functioned(network.trunk, stored, config)
    except (KeyError, RuntimeError) as error:
        raise InputError(f"not a controller of this version's form ({str(error)[:80]})", path) from None
    return network.eval()


def _layers(graph: GraphProto) -> dict[str, Tensor]:
    """The graph's tensors by name, turned ones by that of their layer."""
    values = values_of(graph)
    values |= {f"{layer}.weight": value.T for layer, value in numbered(graph, values)}
    return {name: torch.from_numpy(value.copy()) for name, value in values.items()}


def _standing_for(weight: Tensor, config: ControllerConfig) -> Tensor:
    """The trained weights [..., O, I] of a layer whose first inputs are the pose's, which come in scaled down."""
    scale = torch.ones(weight.shape[-1])
    scale[: layout.POSE] = config.pose_influence * config.recall
    return weight / scale


def _with_gait(weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """Weights [..., O, I] and biases [..., O] of the last layer: those in the graph, and nothing of the gait's head."""
    missing = sum(HEADS) - sum(READ)
    return pad(weight, (0, 0, 0, missing)), pad(bias, (0, missing))


def _phase_functioned(trunk: PhaseFunctionedTrunk, stored: dict[str, Tensor], config: ControllerConfig) -> None:
    for name in ("first", "second", "third"):
        layer: PhaseLinear = getattr(trunk, name)
        points = len(layer.bias)
        weight = 2 * stored[f"{name}.weight"].reshape(points, -1, stored[f"{name}.weight"].shape[1]).transpose(1, 2)  # [K, O, I]
        bias = 2 * stored[f"{name}.bias"]
        if name == "first":
            weight = _standing_for(weight, config)
        else:
            bias = bias + weight.sum(dim=-1)  # of ELU + 1
        if name == "third":
            weight, bias = _with_gait(weight, bias)
        layer.weight.copy_(weight.transpose(1, 2).flatten(0, 1))
        layer.bias.copy_(bias)


def _film(trunk: FilmTrunk, stored: dict[str, Tensor], config: ControllerConfig) -> None:
    first = _standing_for(stored["first.weight"], config)
    trunk.encoder.weight.copy_(first[:, : layout.POSE])
    trunk.path.weight.copy_(first[:, layout.POSE : PLAIN])
    trunk.encoder.bias.copy_(stored["first.bias"])
    trunk.second.weight.copy_(stored["second.weight"])
    trunk.second.bias.copy_(stored["second.bias"] + stored["second.weight"].sum(dim=1))
    trunk.condition.weight.copy_(stored["condition.weight"][:-1])
    trunk.condition.bias.copy_(stored["condition.bias"][:-1])
    factors = torch.cat([stored[f"{name}.weight"] for name in FACTORS])  # [4 O, C + 1], the last column biases
    gains = torch.cat([torch.full((trunk.second.out_features,), float(name.startswith("gain"))) for name in FACTORS])
    trunk.modulation.weight.copy_(factors[:, :-1])
    trunk.modulation.bias.copy_(factors[:, -1] - gains + factors[:, :-1].sum(dim=1))
    weight, bias = _with_gait(stored["third.weight"], stored["third.bias"] + stored["third.weight"].sum(dim=1))
    trunk.third.weight.copy_(weight)
    trunk.third.bias.copy_(bias)
