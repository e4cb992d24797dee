"""Attention in place of a convolution, with the same explicit past, so that it streams as one does.

diagonal  a position sees itself and the eight before it: a band along the diagonal
causal    itself and the 64 before it
full      all positions of the clip, later ones too: for comparison, it cannot stream
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from motionwire_training.rotary import rotary_table, rotate
from motionwire_training.tokenizer.configuration import HEAD, PAST

SLOTS = 2048  # positions that rotary angles are kept for; those of a longer clip, some four minutes, are worked out anew


class Attention(nn.Module):
    """Self-attention over time. x [B, T, C], cache [B, past, C] -> y [B, T, C], new cache."""

    table: Tensor

    def __init__(self, width: int, kind: str) -> None:
        super().__init__()
        self.kind, self.past, self.inputs = kind, PAST[kind], width
        self.qkv = nn.Linear(width, 3 * width)
        self.register_buffer("table", rotary_table(SLOTS, HEAD), persistent=False)

    def forward(self, x: Tensor, cache: Tensor) -> tuple[Tensor, Tensor]:
        padded = torch.cat((cache, x), dim=1)
        length, new = padded.shape[1], x.shape[1]
        q, k, v = self.qkv(padded).unflatten(-1, (3, -1, HEAD)).permute(2, 0, 3, 1, 4)
        table = self.table[:, :length] if length <= SLOTS else rotary_table(length, HEAD).to(x.device)
        q, k = rotate(q, table)[:, :, length - new :], rotate(k, table)
        mask = None
        if self.kind != "full":
            ahead = torch.arange(length, device=x.device)[None] - torch.arange(new, device=x.device)[:, None]
            mask = (ahead >= 0) & (ahead <= self.past)  # zeros before the clip are seen, as convolutions see them
        return scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).flatten(-2), padded[:, new:]
