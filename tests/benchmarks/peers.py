"""The published architectures of two text-to-motion models, built from their papers with random weights: only their cost is real.

- T2M-GPT (Zhang et al., CVPR 2023): 18 layers of width 1,024 with 16 heads over the tokens so far, run anew for each token as its
  authors' sampling does; convolutional decoder of width 512, two upsamplings, three dilated residual blocks before each.
- MoMask (Guo et al., CVPR 2024): masked transformer, 8 layers of width 384 with 6 heads, 10 rounds; residual transformer of the same
  size, 5 rounds; classifier-free guidance in both (two rows each); six residual codebooks; the same kind of decoder.

Both speak HumanML3D: 263 numbers a frame, 20 frames a second, a token for four frames. Their text encoder (CLIP) is left out.
"""

import torch
from torch import Tensor, nn

FPS, STRIDE, FRAME = 20, 4, 263
CODES, CODE = 512, 512
TEXT = 512


class Decoder(nn.Module):
    """Codes' vectors [B, 512, N] to frames [B, 263, 4 N]."""

    def __init__(self, width: int = 512) -> None:
        super().__init__()
        stages: list[nn.Module] = [nn.Conv1d(CODE, width, 3, padding=1), nn.ReLU()]
        for _ in range(2):
            stages += [Residual(width, dilation) for dilation in (9, 3, 1)]
            stages += [nn.Upsample(scale_factor=2), nn.Conv1d(width, width, 3, padding=1)]
        self.stages = nn.Sequential(*stages, nn.Conv1d(width, width, 3, padding=1), nn.ReLU(), nn.Conv1d(width, FRAME, 3, padding=1))

    def forward(self, vectors: Tensor) -> Tensor:
        return self.stages(vectors)  # type: ignore[no-any-return]


class Residual(nn.Module):
    """A dilated convolution and one of width 1, added to what came in."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        wide = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation)
        self.inner = nn.Sequential(nn.ReLU(), wide, nn.ReLU(), nn.Conv1d(width, width, 1))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inner(x)  # type: ignore[no-any-return]


def layers(width: int, heads: int, feed: int, depth: int) -> nn.TransformerEncoder:
    layer = nn.TransformerEncoderLayer(width, heads, feed, activation="gelu", batch_first=True, norm_first=True)
    return nn.TransformerEncoder(layer, depth, enable_nested_tensor=False)


class T2MGPT(nn.Module):
    """Token after token, each from a whole pass."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.codes = nn.Linear(TEXT, 1024), nn.Embedding(CODES + 1, 1024)
        self.body, self.head = layers(1024, 16, 4096, 18), nn.Linear(1024, CODES + 1)
        self.book, self.decoder = nn.Embedding(CODES, CODE), Decoder()

    def forward(self, text: Tensor, tokens: int) -> Tensor:
        x = self.text(text)[:, None]
        drawn = []
        for _ in range(tokens):
            mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
            chances = self.head(self.body(x, mask=mask, is_causal=True)[:, -1]).softmax(-1)
            drawn.append(torch.multinomial(chances[:, :CODES], 1))
            x = torch.cat((x, self.codes(drawn[-1])), dim=1)
        return self.decoder(self.book(torch.cat(drawn, dim=1)).transpose(1, 2))  # type: ignore[no-any-return]


class MoMask(nn.Module):
    """All tokens at once, again and again, fewer of them masked each time; then the residual layers, one a pass."""

    ROUNDS, RESIDUALS = 10, 5

    def __init__(self) -> None:
        super().__init__()
        self.text = nn.Linear(TEXT, 384)
        self.codes = nn.Embedding(CODES + 1, 384)
        self.masked, self.residual = layers(384, 6, 1024, 8), layers(384, 6, 1024, 8)
        self.heads = nn.ModuleList(nn.Linear(384, CODES) for _ in range(2))
        self.books, self.decoder = nn.Embedding(CODES * (1 + self.RESIDUALS), CODE), Decoder()

    def forward(self, text: Tensor, tokens: int) -> Tensor:
        words = torch.cat((self.text(text), self.text(torch.zeros_like(text))))[:, None]  # with the sentence, and without
        ids = torch.full((len(text), tokens), CODES)
        vectors = torch.zeros(len(text), tokens, CODE)
        for number in range(self.ROUNDS + self.RESIDUALS):
            first = number < self.ROUNDS
            x = torch.cat((words, self.codes(ids).repeat(2, 1, 1)), dim=1)
            with_text, without = self.heads[0 if first else 1]((self.masked if first else self.residual)(x)[:, 1:]).chunk(2)
            chances = (without + 4 * (with_text - without)).softmax(-1)
            ids = torch.multinomial(chances.flatten(0, 1), 1).view(len(text), tokens)
            if number >= self.ROUNDS - 1:
                vectors = vectors + self.books(ids + CODES * (number - self.ROUNDS + 1))
            else:
                left = chances.max(-1).values.argsort(1)[:, : int(tokens * (1 - (number + 1) / self.ROUNDS))]
                ids = ids.scatter(1, left, CODES)
        return self.decoder(vectors.transpose(1, 2))  # type: ignore[no-any-return]
