"""The evaluator's networks: residual convolutions over time with attention pooling, and the sentence's side of the shared space.

Motion and sentence meet as in Guo et al. 2022 (https://ericguo5513.github.io/text-to-motion) and TMR (Petrovich et al. 2023, arXiv
2305.00976), trained by InfoNCE. Content and style are named by a network of its own, so that none grades itself.
"""

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn.functional import gelu, normalize

from motionwire.generator import layout
from motionwire.motion import features
from motionwire_training.evaluation.evaluator.configuration import EvaluatorConfig

STRIDE = 4  # frames seen together
DILATIONS = (1, 2, 4)


class Block(nn.Module):
    """Residual convolution over positions [B, N, C]; valid [B, N] says which are part of the clip."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.mix = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, valid: Tensor) -> Tensor:
        hidden = self.mix((self.norm(x) * valid[..., None]).transpose(1, 2)).transpose(1, 2)
        return x + self.out(gelu(hidden))


class MotionNetwork(nn.Module):
    """Normalised features [B, 4N, 276] and valid [B, N] -> [B, D]: attention over the positions and their mean, read together."""

    def __init__(self, width: int, outputs: int) -> None:
        super().__init__()
        self.patch = nn.Linear(STRIDE * features.DIM, width)
        self.blocks = nn.ModuleList(Block(width, dilation) for dilation in DILATIONS)
        self.norm = nn.LayerNorm(width)
        self.weigh = nn.Linear(width, 4)
        self.out = nn.Sequential(nn.Dropout(0.2), nn.Linear(5 * width, width), nn.GELU(), nn.Dropout(0.2), nn.Linear(width, outputs))

    def forward(self, x: Tensor, valid: Tensor) -> Tensor:
        x = self.patch(rearrange(x, "b (n s) c -> b n (s c)", s=STRIDE))
        for block in self.blocks:
            x = block(x, valid)
        x = self.norm(x)
        weights = self.weigh(x).masked_fill(~valid[..., None], -1e4).softmax(dim=1)
        pooled = torch.einsum("bnh,bnc->bhc", weights, x).flatten(1)
        mean = (x * valid[..., None]).sum(1) / valid.sum(1, keepdim=True).clamp_min(1)
        return self.out(torch.cat((pooled, mean), dim=-1))


class Evaluator(nn.Module):
    """contents, styles: the names that the judge knows. mean, std [276]: of the training features; middles [21, 4], low, high [21, 3]:
    ranges of the joints in the training clips (joint_ranges.py)."""

    mean: Tensor
    std: Tensor
    middles: Tensor
    low: Tensor
    high: Tensor

    def __init__(self, config: EvaluatorConfig, contents: list[str], styles: list[str]) -> None:
        super().__init__()
        self.contents, self.styles = contents, styles
        self.motion = MotionNetwork(config.width, config.embedding)
        self.sentence = nn.Sequential(
            nn.Linear(layout.TEXT_DIM, 256), nn.GELU(), nn.Dropout(0.1), nn.Linear(256, 256), nn.GELU(), nn.Linear(256, config.embedding)
        )
        self.judge = MotionNetwork(config.judge_width, len(contents) + len(styles))
        self.scale = nn.Parameter(torch.tensor(2.66))  # log of 1 / temperature
        for name, shape in (("mean", (features.DIM,)), ("middles", (21, 4)), ("low", (21, 3)), ("high", (21, 3))):
            self.register_buffer(name, torch.zeros(shape))
        self.register_buffer("std", torch.ones(features.DIM))

    def embed_motion(self, values: Tensor, valid: Tensor) -> Tensor:
        """Features [B, 4N, 276] of clips, valid [B, N] -> unit vectors [B, D]."""
        return normalize(self.motion((values - self.mean) / self.std, valid).float(), dim=-1)

    def embed_sentence(self, vectors: Tensor) -> Tensor:
        """Sentence embeddings of MiniLM [B, 384] -> unit vectors [B, D]."""
        return normalize(self.sentence(vectors).float(), dim=-1)

    def name(self, values: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of content [B, contents] and style [B, styles]."""
        found = self.judge((values - self.mean) / self.std, valid).float()
        return found[:, : len(self.contents)], found[:, len(self.contents) :]

    def forward(self, values: Tensor, valid: Tensor, vectors: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Motion and sentence vectors, logits of content and style."""
        return self.embed_motion(values, valid), self.embed_sentence(vectors), *self.name(values, valid)
