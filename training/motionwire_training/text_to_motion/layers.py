"""Layers of the transformer: RMSNorm, attention with rotary positions (Su et al. 2021), SwiGLU (Shazeer 2020)."""

import torch
from torch import Tensor, nn
from torch.nn.functional import silu

from motionwire_training.norm import rms_norm
from motionwire_training.rotary import rotate

EPSILON = 1e-6  # of the norms


class RMSNorm(nn.Module):
    """`rms_norm` with a learned gain."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return rms_norm(x, self.gain, EPSILON)


class Block(nn.Module):
    """Attention and SwiGLU, each behind a norm and added to the stream."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, nn.Dropout(dropout)
        hidden = (8 * width // 3 + 31) // 32 * 32
        self.attention_norm, self.feed_norm = RMSNorm(width), RMSNorm(width)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.gate, self.up = nn.Linear(width, hidden, bias=False), nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def queries(self, x: Tensor, table: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Rotated queries, rotated keys, values [B, H, L, D] of the stream x [B, L, C]."""
        q, k, v = self.qkv(self.attention_norm(x)).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        return rotate(q, table), rotate(k, table), v

    def add(self, x: Tensor, attended: Tensor) -> Tensor:
        """The stream after attention's result [B, H, L, D] and the feed-forward layer."""
        x = x + self.dropout(self.out(attended.transpose(1, 2).flatten(-2)))
        hidden = self.feed_norm(x)
        return x + self.dropout(self.down(silu(self.gate(hidden)) * self.up(hidden)))

    def forward(self, x: Tensor, table: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """x [B, L, C], mask [B, 1, L, L] true where a query may look -> x, keys, values."""
        q, k, v = self.queries(x, table)
        # Written out: at these lengths quicker on a CPU than torch's fused attention, above all backwards.
        scores = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).masked_fill(~mask, -1e9)
        return self.add(x, scores.softmax(-1).to(v.dtype) @ v), k, v
