"""The norm of both transformer and tokenizer."""

import torch
from torch import Tensor


def rms_norm(x: Tensor, gain: Tensor, epsilon: float) -> Tensor:
    """x [..., C] at unit root mean square, times a gain [C]; computed in float32 (Zhang and Sennrich 2019)."""
    x = x.float()
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + epsilon) * gain
