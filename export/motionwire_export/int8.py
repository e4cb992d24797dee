"""Products in 8 bits: weights on a grid for each output, activations on one for each row, summed up exactly in integers.

A row's grid is its own largest value over 127, so that no row of a batch changes another one (onnxruntime's own dynamic quantisation
has one grid for the whole batch). Weights keep to 7 bits: the sum of two products then fits the 16 bits that processors without VNNI
have for it, and motion is the same on all of them. In a model where such layers stand in the place
of the trained ones PyTorch computes what the exported graph computes.
"""

import torch
from torch import Tensor, nn

from motionwire_export.operators import RoundedProduct

WEIGHTS, ACTIVATIONS = 63, 127
TINY = 1e-10


class Int8Linear(nn.Module):
    """A layer made of a trained one."""

    weight: Tensor
    scale: Tensor
    bias: Tensor | None

    def __init__(self, trained: nn.Linear) -> None:
        super().__init__()
        scale = trained.weight.abs().amax(dim=1).clamp_min(TINY) / WEIGHTS
        self.register_buffer("weight", torch.round(trained.weight / scale[:, None]).to(torch.int8).T.contiguous())
        self.register_buffer("scale", scale)
        self.register_buffer("bias", None if trained.bias is None else trained.bias.detach())

    def forward(self, x: Tensor) -> Tensor:
        """x [B, L, I] -> [B, L, O]."""
        step = x.abs().amax(dim=-1, keepdim=True) * (1 / ACTIVATIONS)
        product: Tensor = RoundedProduct.apply(x / step, step, self.weight, self.scale)
        return product if self.bias is None else product + self.bias


def round_products(module: nn.Module, *names: str) -> None:
    """Put such layers in the place of a module's own trained ones of these names."""
    for name in names:
        setattr(module, name, Int8Linear(getattr(module, name)))
