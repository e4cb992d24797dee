"""Text-to-motion as its graphs compute it: the network that was trained, in fewer and cheaper operators.

- The products of the blocks are of 8 bits (int8.py).

- A row's cache holds no gaps: the new position joins behind what is there, wherever in the sequence (`slot`) that was, and attention reads
  no further. The graph gives the caches out as it takes them in, so that a caller who binds both to one buffer has nothing copied.
- Attention with its rotation and its cache is one operator, a norm another one.
- What scales the scores stands in the queries' product.
"""

import copy

import torch
from torch import Tensor, nn
from torch.nn.functional import silu

from motionwire.generator import layout
from motionwire_export.int8 import Int8Linear, round_products
from motionwire_export.operators import CachedAttention, Norm
from motionwire_training.text_to_motion.layers import EPSILON, Block, RMSNorm
from motionwire_training.text_to_motion.model import TextToMotion

PRODUCTS = ("qkv", "out", "gate", "up", "down")  # of a block


class OneNorm(nn.Module):
    """A trained norm as one operator."""

    def __init__(self, trained: RMSNorm) -> None:
        super().__init__()
        self.gain = trained.gain

    def forward(self, x: Tensor) -> Tensor:
        """x [..., C] -> [..., C]."""
        return Norm.apply(x, self.gain, EPSILON)


def simplify(model: TextToMotion) -> None:
    """Put 8-bit products into the blocks and one operator in the place of every norm."""
    for block in model.blocks:
        round_products(block, *PRODUCTS)
    for part in list(model.modules()):
        for name, child in part.named_children():
            if isinstance(child, RMSNorm):
                setattr(part, name, OneNorm(child))


class StepGraph(nn.Module):
    """Made of a model that `simplify` has gone over."""

    cosine: Tensor
    sine: Tensor

    def __init__(self, model: TextToMotion) -> None:
        super().__init__()
        self.model = model
        self.queries = nn.ModuleList(_scaled(block) for block in model.blocks)
        self.register_buffer("cosine", model.table[0].clone())
        self.register_buffer("sine", model.table[1].clone())

    def forward(self, codes: Tensor, remaining: Tensor, slot: Tensor, length: Tensor, *caches: Tensor) -> tuple[Tensor, ...]:
        """One position of each row: codes [B, G], remaining [B], slot [B], length [B] of what its caches hold; caches: all layers' keys,
        then values [B, H, S, D]. Returns hidden [B, C] and the caches with the position."""
        model, layers = self.model, len(self.model.blocks)
        held = length.int()
        total, position = held.max() + 1, slot[:, None]
        x = (model.motion_in(model.code_vectors(codes)) + model.remaining(remaining))[:, None]
        keys, values = list(caches[:layers]), list(caches[layers:])
        for layer, (block, queries) in enumerate(zip(model.blocks, self.queries, strict=True)):
            assert isinstance(block, Block)
            attended, keys[layer], values[layer] = CachedAttention.apply(
                queries(block.attention_norm(x)), keys[layer], values[layer], held, total, self.cosine, self.sine, position
            )
            x = x + block.out(attended)
            hidden = block.feed_norm(x)
            x = x + block.down(silu(block.gate(hidden)) * block.up(hidden))
        return model.norm(x)[:, 0], *keys, *values


def without_gaps(keys: Tensor, values: Tensor, text_mask: Tensor, history_mask: Tensor) -> tuple[Tensor, Tensor]:
    """Keys and values [layers, B, H, START + 1, D] of a prefill laid into caches [2, layers, B, H, SLOTS, D] as a step takes them, and what
    these hold [B]; text_mask [B, MAX_TEXT] and history_mask [B, MAX_HISTORY] as the prefill got them."""
    always = torch.ones_like(text_mask[:, :1])
    valid = torch.cat((always, text_mask, history_mask, always), dim=1)
    caches = torch.zeros(2, *keys.shape[:3], layout.SLOTS, keys.shape[4])
    for row, held in enumerate(valid):
        caches[:, :, row, :, : held.sum()] = torch.stack((keys, values))[:, :, row, :, held]
    return caches, valid.sum(dim=1)


def _scaled(block: nn.Module) -> Int8Linear:
    """The product of queries, keys and values, the queries over the root of their size."""
    assert isinstance(block, Block)
    layer = copy.deepcopy(block.get_submodule("qkv"))  # of 8 bits by now
    assert isinstance(layer, Int8Linear)
    width = len(layer.scale) // 3
    layer.scale[:width] *= (width // block.heads) ** -0.5
    return layer
