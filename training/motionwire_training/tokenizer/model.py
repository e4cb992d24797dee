"""Motion tokenizer: a stride of 4 (or 2) frames becomes one position of G small codes, and back, causally.

Encoder and decoder are residual causal convolutions at 7.5 positions a second; a short stack at the frame rate behind the
decoder joins the frames of a position to those before. Every convolution is one matrix product over its taps and
takes its past as an explicit cache, so decoding position by position is the same computation as decoding a whole clip.
Quantiser: FSQ, or what it is compared with (quantizers.py). Its latents come from a LayerNorm and a unit-gain projection:
without them most codes stay unused.
"""

from collections.abc import Iterable
from itertools import chain
from typing import cast

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn.functional import gelu

from motionwire.motion import features
from motionwire_training.norm import rms_norm
from motionwire_training.tokenizer.attention import Attention
from motionwire_training.tokenizer.configuration import TokenizerConfig
from motionwire_training.tokenizer.quantizers import make_quantizer

DILATIONS = (1, 3, 9)
EPSILON = 1e-5  # of the norms


class CausalConvolution(nn.Module):
    """Convolution over time that sees the past only. x [B, T, C], cache [B, past, C] -> y [B, T, D], new cache."""

    def __init__(self, inputs: int, outputs: int, taps: int = 3, dilation: int = 1) -> None:
        super().__init__()
        self.dilation, self.inputs = dilation, inputs
        self.past = (taps - 1) * dilation
        self.mix = nn.Linear(taps * inputs, outputs)

    def forward(self, x: Tensor, cache: Tensor) -> tuple[Tensor, Tensor]:
        padded = torch.cat((cache, x), dim=1)
        starts = range(0, self.past + 1, self.dilation)  # counted from both ends, which exports as constants
        shifted = [padded[:, start : start - self.past or None] for start in starts]
        return self.mix(torch.cat(shifted, dim=-1)), padded[:, -self.past :]


class Block(nn.Module):
    """Residual block: norm, dilated causal convolution or attention, GELU, projection."""

    def __init__(self, width: int, dilation: int, attention: str = "") -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width))
        self.convolution = Attention(width, attention) if attention else CausalConvolution(width, width, dilation=dilation)
        self.out = nn.Linear(width, width)
        nn.init.normal_(self.out.weight, std=0.02)

    def forward(self, x: Tensor, cache: Tensor) -> tuple[Tensor, Tensor]:
        hidden, cache = self.convolution(rms_norm(x, self.gain, EPSILON), cache)
        return x + self.out(gelu(hidden)), cache


def _blocks(width: int, count: int, attention: str) -> nn.ModuleList:
    last = len(DILATIONS) - 1
    turns = [i % len(DILATIONS) for i in range(count)]
    return nn.ModuleList(Block(width, DILATIONS[turn], attention if turn == last else "") for turn in turns)


class Encoder(nn.Module):
    """Normalised features [B, sN, 276], s the stride -> latents [B, N, D] at unit scale."""

    def __init__(self, config: TokenizerConfig, latent: int) -> None:
        super().__init__()
        self.stride = config.stride
        self.patch = nn.Linear(self.stride * features.DIM, config.width)
        self.blocks = _blocks(config.width, config.encoder_blocks, config.attention)
        self.norm = nn.LayerNorm(config.width)
        self.out = nn.Linear(config.width, latent)
        nn.init.normal_(self.out.weight, std=config.width**-0.5)
        nn.init.zeros_(self.out.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patch(rearrange(x, "b (n s) c -> b n (s c)", s=self.stride))
        for block in self.blocks:
            assert isinstance(block, Block)
            x, _ = block(x, x.new_zeros(x.shape[0], block.convolution.past, x.shape[-1]))
        return self.out(self.norm(x))


class Decoder(nn.Module):
    """Quantised latents [B, N, out] and caches -> normalised features [B, sN, 276] and the next caches."""

    def __init__(self, config: TokenizerConfig, latent: int) -> None:
        super().__init__()
        self.enter = CausalConvolution(latent, config.width)
        self.blocks = _blocks(config.width, config.decoder_blocks, config.attention)
        self.norm = nn.LayerNorm(config.width)
        self.stride = config.stride
        self.spread = nn.Linear(config.width, self.stride * config.refine_width)
        self.refine = nn.ModuleList(Block(config.refine_width, dilation) for dilation in (1, 2))
        self.out = CausalConvolution(config.refine_width, features.DIM)

    def convolutions(self) -> list[CausalConvolution | Attention]:
        blocks = cast("Iterable[Block]", chain(self.blocks, self.refine))  # or what an exporter puts in their place
        return [self.enter, *(block.convolution for block in blocks), self.out]

    def caches(self, batch: int) -> list[Tensor]:
        """The caches before the first position: zeros [batch, past, channels] for each convolution."""
        like = self.spread.weight
        return [like.new_zeros(batch, c.past, c.inputs) for c in self.convolutions()]

    def forward(self, latents: Tensor, caches: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        new: list[Tensor] = []
        left = iter(caches)

        def through(module: nn.Module, x: Tensor) -> Tensor:
            y, cache = module(x, next(left))
            new.append(cache)
            return y

        x = through(self.enter, latents)
        for block in self.blocks:
            x = through(block, x)
        x = rearrange(self.spread(self.norm(x)), "b n (s c) -> b (n s) c", s=self.stride)
        for block in self.refine:
            x = through(block, x)
        return through(self.out, x), new


class Tokenizer(nn.Module):
    """Encoder, FSQ and decoder with the features' normalisation inside.

    mean, std: float32 [276] of the training data. Inputs and outputs are plain features.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        self.stride, self.groups, self.codes = config.stride, config.groups, config.codes
        self.quantizer = make_quantizer(config.quantizer, config.levels, config.codes, config.groups)
        self.encoder = Encoder(config, self.quantizer.latent)
        self.decoder = Decoder(config, self.quantizer.out)
        self.register_buffer("mean", torch.zeros(features.DIM))
        self.register_buffer("std", torch.ones(features.DIM))

    def encode(self, values: Tensor) -> Tensor:
        """Features [B, sN, 276] -> codes int64 [B, N, G]."""
        return self.quantizer(self.encoder((values - self.mean) / self.std))[1]

    def decode(self, codes: Tensor) -> Tensor:
        """Codes [B, N, G] -> features [B, sN, 276]."""
        return self.decode_step(codes, self.decoder.caches(codes.shape[0]))[0]

    def decode_step(self, codes: Tensor, caches: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """The next positions' features, given the caches that the positions before left."""
        out, caches = self.decoder(self.quantizer.decode(codes), caches)
        return out * self.std + self.mean, caches

    def forward(self, values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Features [B, sN, 276] -> reconstruction [B, sN, 276], codes [B, N, G] and the quantiser's own loss []; gradients pass the
        quantiser straight through."""
        encoded = self.encoder((values - self.mean) / self.std).float()
        with torch.autocast(values.device.type, enabled=False):  # distances to codes need their digits
            latents, codes, loss = self.quantizer(encoded)
        out, _ = self.decoder(latents, self.decoder.caches(values.shape[0]))
        return out.float() * self.std + self.mean, codes, loss
