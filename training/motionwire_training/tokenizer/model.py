"""Motion tokenizer: 4 frames become one position of G small codes, and back, causally.

Encoder and decoder are residual causal convolutions at 7.5 positions a second; a short stack at the frame rate behind the
decoder joins the four frames of a position to those before. Every convolution is one matrix product over its taps and
takes its past as an explicit cache, so decoding position by position is the same computation as decoding a whole clip.
Quantiser: FSQ (Mentzer et al. 2023, https://arxiv.org/abs/2309.15505) by vector-quantize-pytorch. Its latents come from a
LayerNorm and a unit-gain projection: without them most codes stay unused.
"""

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn.functional import gelu
from vector_quantize_pytorch import FSQ

from motionwire.motion import features
from motionwire_training.tokenizer.configuration import TokenizerConfig

STRIDE = 4  # frames a position
DILATIONS = (1, 3, 9)


class CausalConvolution(nn.Module):
    """Convolution over time that sees the past only. x [B, T, C], cache [B, past, C] -> y [B, T, D], new cache."""

    def __init__(self, inputs: int, outputs: int, taps: int = 3, dilation: int = 1) -> None:
        super().__init__()
        self.taps, self.dilation, self.inputs = taps, dilation, inputs
        self.past = (taps - 1) * dilation
        self.mix = nn.Linear(taps * inputs, outputs)

    def forward(self, x: Tensor, cache: Tensor) -> tuple[Tensor, Tensor]:
        padded = torch.cat((cache, x), dim=1)
        frames = x.shape[1]
        shifted = [padded[:, tap * self.dilation : tap * self.dilation + frames] for tap in range(self.taps)]
        return self.mix(torch.cat(shifted, dim=-1)), padded[:, frames:]


def rms_norm(x: Tensor, gain: Tensor) -> Tensor:
    """x [..., C] at unit root mean square, times a gain [C]; computed in float32 (Zhang and Sennrich 2019)."""
    x = x.float()
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5) * gain


class Block(nn.Module):
    """Residual block: norm, dilated causal convolution, GELU, projection."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width))
        self.convolution = CausalConvolution(width, width, dilation=dilation)
        self.out = nn.Linear(width, width)
        nn.init.normal_(self.out.weight, std=0.02)

    def forward(self, x: Tensor, cache: Tensor) -> tuple[Tensor, Tensor]:
        hidden, cache = self.convolution(rms_norm(x, self.gain), cache)
        return x + self.out(gelu(hidden)), cache


def _blocks(width: int, count: int) -> nn.ModuleList:
    return nn.ModuleList(Block(width, DILATIONS[i % len(DILATIONS)]) for i in range(count))


class Encoder(nn.Module):
    """Normalised features [B, 4N, 276] -> latents [B, N, D] at unit scale."""

    def __init__(self, config: TokenizerConfig, latent: int) -> None:
        super().__init__()
        self.patch = nn.Linear(STRIDE * features.DIM, config.width)
        self.blocks = _blocks(config.width, config.encoder_blocks)
        self.norm = nn.LayerNorm(config.width)
        self.out = nn.Linear(config.width, latent)
        nn.init.normal_(self.out.weight, std=config.width**-0.5)
        nn.init.zeros_(self.out.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patch(rearrange(x, "b (n s) c -> b n (s c)", s=STRIDE))
        for block in self.blocks:
            x, _ = block(x, x.new_zeros(x.shape[0], block.convolution.past, x.shape[-1]))
        return self.out(self.norm(x))


class Decoder(nn.Module):
    """Quantised latents [B, N, D] and caches -> normalised features [B, 4N, 276] and the next caches."""

    def __init__(self, config: TokenizerConfig, latent: int) -> None:
        super().__init__()
        self.enter = CausalConvolution(latent, config.width)
        self.blocks = _blocks(config.width, config.decoder_blocks)
        self.norm = nn.LayerNorm(config.width)
        self.spread = nn.Linear(config.width, STRIDE * config.refine_width)
        self.refine = nn.ModuleList(Block(config.refine_width, dilation) for dilation in (1, 2))
        self.out = CausalConvolution(config.refine_width, features.DIM)

    def convolutions(self) -> list[CausalConvolution]:
        return [self.enter, *(b.convolution for b in self.blocks), *(b.convolution for b in self.refine), self.out]

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
        x = rearrange(self.spread(self.norm(x)), "b n (s c) -> b (n s) c", s=STRIDE)
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
        self.groups, self.codes = config.groups, config.codes
        latent = len(config.levels) * config.groups
        self.quantizer = FSQ(config.levels, num_codebooks=config.groups, keep_num_codebooks_dim=True)
        self.encoder = Encoder(config, latent)
        self.decoder = Decoder(config, latent)
        self.register_buffer("mean", torch.zeros(features.DIM))
        self.register_buffer("std", torch.ones(features.DIM))

    def encode(self, values: Tensor) -> Tensor:
        """Features [B, 4N, 276] -> codes int64 [B, N, G]."""
        return self.quantizer(self.encoder((values - self.mean) / self.std))[1].long()

    def decode(self, codes: Tensor) -> Tensor:
        """Codes [B, N, G] -> features [B, 4N, 276]."""
        return self.decode_step(codes, self.decoder.caches(codes.shape[0]))[0]

    def decode_step(self, codes: Tensor, caches: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """The next positions' features, given the caches that the positions before left."""
        out, caches = self.decoder(self.quantizer.indices_to_codes(codes), caches)
        return out * self.std + self.mean, caches

    def forward(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Features [B, 4N, 276] -> reconstruction [B, 4N, 276], codes [B, N, G]; gradients pass the quantiser straight through."""
        latents, codes = self.quantizer(self.encoder((values - self.mean) / self.std).float())
        out, _ = self.decoder(latents, self.decoder.caches(values.shape[0]))
        return out.float() * self.std + self.mean, codes
