"""Rotary positions (Su et al. 2021, https://arxiv.org/abs/2104.09864), shared by the attention of tokenizer and transformer."""

import torch
from torch import Tensor


def rotary_table(slots: int, size: int) -> Tensor:
    """Cosines and sines [2, slots, size / 2]."""
    angles = torch.arange(slots)[:, None] * 10_000.0 ** (-torch.arange(0, size, 2) / size)
    return torch.stack((angles.cos(), angles.sin()))


def rotate(x: Tensor, table: Tensor) -> Tensor:
    """x [B, H, L, D] turned by its positions' angles, table [2, L, D / 2], or [2, B, 1, 1, D / 2] where rows are at places of their own."""
    a, b = x.chunk(2, dim=-1)
    cosine, sine = table[0], table[1]
    return torch.cat((a * cosine - b * sine, b * cosine + a * sine), dim=-1)
