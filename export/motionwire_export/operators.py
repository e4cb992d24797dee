"""Operators that onnxruntime has beyond ONNX's own, each as PyTorch computes it and as it stands in an exported graph.

They ship with every build of onnxruntime: a graph that uses them loads no code of ours.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import rms_norm

from motionwire_training.rotary import rotate

OFFSET = 128  # activations are stored unsigned: what x86 multiplies with signed weights in one instruction


class RoundedProduct(torch.autograd.Function):
    """x [B, L, I] in steps of `step` [B, L, 1], weight int8 [I, O] in steps of `scale` [O] -> [B, L, O]."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, step: Tensor, weight: Tensor, scale: Tensor) -> Tensor:
        rounded = torch.round(x.nan_to_num()).clamp(-OFFSET, OFFSET - 1)  # a row of zeros has no step
        return (rounded @ weight.float()) * scale * step  # sums stay below 2^24, so they are exact

    @staticmethod
    def symbolic(g: Any, x: Any, step: Any, weight: Any, scale: Any) -> Any:
        one, offset = g.op("Constant", value_t=torch.tensor(1.0)), g.op("Constant", value_t=torch.tensor(OFFSET, dtype=torch.uint8))
        rounded = g.op("QuantizeLinear", x, one, offset)
        found = g.op("com.microsoft::MatMulIntegerToFloat", rounded, weight, step, scale, offset)
        return found.setType(x.type().with_sizes([None, None, weight.type().sizes()[-1]]))


class Norm(torch.autograd.Function):
    """x [..., C] at unit root mean square, times a gain [C]."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, gain: Tensor, epsilon: float) -> Tensor:
        return rms_norm(x, x.shape[-1:], gain, epsilon)

    @staticmethod
    def symbolic(g: Any, x: Any, gain: Any, epsilon: float) -> Any:
        return g.op("SimplifiedLayerNormalization", x, gain, epsilon_f=epsilon, axis_i=-1).setType(x.type())


class CachedAttention(torch.autograd.Function):
    """qkv [B, 1, 3 H D] of one position a row, which is turned by its `slot` [B, 1] and joins the cache [B, H, S, D] behind the `length`
    int32 [B] that is there; `total` int32: the longest with it. Scores are not scaled. -> [B, 1, H D], keys, values."""

    @staticmethod
    def forward(
        ctx: Any, qkv: Tensor, keys: Tensor, values: Tensor, length: Tensor, total: Tensor, cosine: Tensor, sine: Tensor, slot: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        rows, heads, slots, size = keys.shape
        q, k, v = qkv.view(rows, 3, heads, size).unbind(1)
        table = torch.stack((cosine[slot], sine[slot]))[:, :, None]
        q, k = (rotate(x[:, :, None], table)[:, :, 0] for x in (q, k))
        here = torch.arange(rows)
        keys, values = keys.clone(), values.clone()
        keys[here, :, length], values[here, :, length] = k, v
        scores = (q[:, :, None] @ keys.transpose(-1, -2))[:, :, 0]
        beyond = torch.arange(slots) > length[:, None]
        weights = scores.masked_fill(beyond[:, None], -torch.inf).softmax(-1)
        return (weights[:, :, None] @ values).view(rows, 1, heads * size), keys, values

    @staticmethod
    def symbolic(g: Any, qkv: Any, keys: Any, values: Any, length: Any, total: Any, cosine: Any, sine: Any, slot: Any) -> Any:
        _, heads, _, size = keys.type().varyingSizes()
        none = g.op("prim::Constant").setType(torch._C.NoneType.get())
        out = g.op(
            "com.microsoft::GroupQueryAttention", qkv, none, none, keys, values, length, total, cosine, sine, slot,
            num_heads_i=heads, kv_num_heads_i=heads, do_rotary_i=1, scale_f=1.0, outputs=3,
        )  # fmt: skip
        return out[0].setType(qkv.type().with_sizes([None, 1, heads * size])), out[1].setType(keys.type()), out[2].setType(values.type())
