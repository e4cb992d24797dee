"""Stateless trunk: a motion encoder of the pose, and layers modulated by phase, gait and style (FiLM, Perez et al. 2018,
https://arxiv.org/abs/1709.07871): h <- (1 + gamma) h + beta, with gamma and beta computed from the condition.

The phase enters as the sines and cosines of its first harmonics. At equal cost the layers may be wider than the
phase-functioned ones, since no weight exists once per control point.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

HARMONICS = 4
CONDITION_HIDDEN = 32

Context = tuple[Tensor, ...]


class FilmTrunk(nn.Module):
    """Standardised pose, trajectory and condition (gait, style) with a phase to raw outputs; see `model.Trunk`."""

    harmonics: Tensor

    def __init__(self, pose: int, trajectory: int, condition: int, outputs: int, hidden: int) -> None:
        super().__init__()
        self.encoder = nn.Linear(pose, hidden)
        self.path = nn.Linear(trajectory, hidden, bias=False)
        self.second = nn.Linear(hidden, hidden)
        self.third = nn.Linear(hidden, outputs)
        self.condition = nn.Linear(condition + 2 * HARMONICS, CONDITION_HIDDEN)
        self.modulation = nn.Linear(CONDITION_HIDDEN, 4 * hidden)
        nn.init.normal_(self.third.weight, std=0.1 / hidden**0.5)
        nn.init.normal_(self.modulation.weight, std=0.05)
        self.register_buffer("harmonics", torch.arange(1.0, HARMONICS + 1), persistent=False)

    @property
    def shared(self) -> Tensor:
        """The last weights that all outputs share."""
        return self.second.weight

    def latent(self, pose: Tensor, context: Context) -> Tensor:
        """What the motion encoder makes of a pose, [..., hidden]; it looks at nothing else."""
        return F.elu(self.encoder(pose))

    def context(self, trajectory: Tensor, condition: Tensor, phase: Tensor) -> Context:
        """All that does not depend on the pose: trajectory [..., T], condition [..., C], phase [..., 1] rad -> what `forward` takes."""
        angles = phase * self.harmonics
        conditions = torch.cat((condition, torch.sin(angles), torch.cos(angles)), dim=-1)
        gain_1, bias_1, gain_2, bias_2 = self.modulation(F.elu(self.condition(conditions))).chunk(4, dim=-1)
        return self.path(trajectory), 1 + gain_1, bias_1, 1 + gain_2, bias_2

    def forward(self, pose: Tensor, context: Context) -> Tensor:
        """pose [..., P] with its context -> [..., outputs]."""
        path, gain_1, bias_1, gain_2, bias_2 = context
        h = F.elu(torch.addcmul(bias_1, self.encoder(pose) + path, gain_1))
        h = F.elu(torch.addcmul(bias_2, self.second(h), gain_2))
        return self.third(h)
