"""Quantisers behind one interface, all by vector-quantize-pytorch: FSQ, and what it is compared with.

    fsq       finite scalar quantisation, the groups side by side (Mentzer et al. 2023, https://arxiv.org/abs/2309.15505)
    vq        codebook learned by moving averages (van den Oord et al. 2017, https://arxiv.org/abs/1711.00937)
    vq_reset  the same, codes that nobody uses put back among the latents (Dhariwal et al. 2020, https://arxiv.org/abs/2005.00341)
    rvq       residual codebooks (Zeghidour et al. 2021, https://arxiv.org/abs/2107.03312)
    lfq       signs, with an entropy loss (Yu et al. 2023, https://arxiv.org/abs/2310.05737)

A quantiser takes latents [B, N, latent] and gives quantised latents [B, N, out], codes int64 [B, N, G] and what its own training adds
to the loss. Every code stands for a fixed vector, `vectors` [G, codes, D], so decoding is a look-up in any of them.
"""

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn
from vector_quantize_pytorch import FSQ, LFQ, ResidualVQ, VectorQuantize

VQ_WIDTH = 32  # channels of a learned codebook
VQ_DECAY = 0.99
COMMITMENT = 0.25  # van den Oord et al. 2017, equation 3
DEAD_BELOW = 2.0  # codes with a smaller moving average of uses a batch are dead


class Quantizer(nn.Module, ABC):
    """groups: codes a position; latent: channels in; out: channels out; added: the groups' vectors are added, not put side by side."""

    added = False

    def __init__(self, groups: int, latent: int, out: int) -> None:
        super().__init__()
        self.groups, self.latent, self.out = groups, latent, out

    @property
    @abstractmethod
    def vectors(self) -> Tensor:
        """The vector of each code, float32 [G, codes, D]."""

    @abstractmethod
    def forward(self, latents: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Latents [B, N, latent] -> quantised [B, N, out] with gradients straight through, codes int64 [B, N, G], loss []."""

    def decode(self, codes: Tensor) -> Tensor:
        """Codes [..., G] -> quantised [..., out]."""
        parts = look_up(self.vectors, codes)
        return parts.sum(-2) if self.added else parts.flatten(-2)


def look_up(vectors: Tensor, codes: Tensor) -> Tensor:
    """Rows [..., G, D] of vectors [G, V, D] for codes [..., G]."""
    groups, size, _ = vectors.shape
    return vectors.flatten(0, 1)[codes + torch.arange(groups, device=codes.device) * size]


class _Fsq(Quantizer):
    def __init__(self, levels: list[int], groups: int) -> None:
        width = len(levels) * groups
        super().__init__(groups, width, width)
        self.fsq = FSQ(levels, num_codebooks=groups, keep_num_codebooks_dim=True)

    @property
    def vectors(self) -> Tensor:
        return self.fsq.implicit_codebook.expand(self.groups, -1, -1)

    def forward(self, latents: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        quantised, codes = self.fsq(latents)
        return quantised, codes.long(), latents.new_zeros(())


class _Vq(Quantizer):
    def __init__(self, codes: int, dead_below: float) -> None:
        super().__init__(1, VQ_WIDTH, VQ_WIDTH)
        self.vq = VectorQuantize(
            dim=VQ_WIDTH, codebook_size=codes, decay=VQ_DECAY, commitment_weight=COMMITMENT, threshold_ema_dead_code=dead_below,
            rotation_trick=False,
        )  # fmt: skip

    @property
    def vectors(self) -> Tensor:
        return self.vq.codebook[None]

    def forward(self, latents: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        quantised, codes, loss = self.vq(latents)
        return quantised, codes[..., None].long(), loss.sum()


class _ResidualVq(Quantizer):
    added = True

    def __init__(self, codes: int, groups: int) -> None:
        super().__init__(groups, VQ_WIDTH, VQ_WIDTH)
        self.vq = ResidualVQ(
            dim=VQ_WIDTH, num_quantizers=groups, codebook_size=codes, decay=VQ_DECAY, commitment_weight=COMMITMENT,
            threshold_ema_dead_code=DEAD_BELOW, rotation_trick=False,
        )  # fmt: skip

    @property
    def vectors(self) -> Tensor:
        return self.vq.codebooks

    def forward(self, latents: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        quantised, codes, loss = self.vq(latents)
        return quantised, codes.long(), loss.sum()


class _Lfq(Quantizer):
    def __init__(self, codes: int) -> None:
        width = codes.bit_length() - 1
        super().__init__(1, width, width)
        self.lfq = LFQ(codebook_size=codes, entropy_loss_weight=0.1, commitment_loss_weight=COMMITMENT, keep_num_codebooks_dim=True)

    @property
    def vectors(self) -> Tensor:
        return self.lfq.codebook[None]

    def forward(self, latents: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        quantised, codes, loss = self.lfq(latents)
        return quantised, codes.long(), loss


def make_quantizer(kind: str, levels: list[int], codes: int, groups: int) -> Quantizer:
    """The quantiser called `kind`; levels: of FSQ; codes: in a group; groups: 1 for vq, vq_reset and lfq."""
    if kind == "fsq":
        return _Fsq(levels, groups)
    if kind == "rvq":
        return _ResidualVq(codes, groups)
    if kind == "lfq":
        return _Lfq(codes)
    return _Vq(codes, DEAD_BELOW if kind == "vq_reset" else 0.0)
