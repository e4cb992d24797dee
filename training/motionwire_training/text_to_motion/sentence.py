"""A sentence as one vector, and what it has to tell: the content and the style of its motion.

Token by token a transformer of this size learns which motion belongs to which wording, and is at a loss with a word that no caption
holds. In the mean of MiniLM's token embeddings such a word lies near its synonyms, so the labels can be read from it in new
wordings too; two linear readers of the vector, which are trained beside the motion and not exported, see to it that they can.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, gelu

from motionwire.generator import layout
from motionwire_training.text_to_motion.corpus import IGNORED
from motionwire_training.text_to_motion.layers import RMSNorm


class Sentence(nn.Module):
    """Token embeddings [B, Lt, 384] and their mask [B, Lt] -> vectors [B, C], zero where there is no sentence. `out` makes them part of
    the prefix."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = RMSNorm(layout.TEXT_DIM)
        self.inner = nn.Linear(layout.TEXT_DIM, width)
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, text: Tensor, mask: Tensor) -> Tensor:
        weights = mask[..., None].to(text.dtype)
        mean = (text * weights).sum(1) / weights.sum(1).clamp_min(1)
        return gelu(self.inner(self.norm(mean))) * weights.amax(1)


class Readers(nn.Module):
    """Logits of content [B, contents] and style [B, styles] read from sentence vectors [B, C]."""

    def __init__(self, width: int, contents: int, styles: int) -> None:
        super().__init__()
        # One that is never asked for where the data has none.
        self.content, self.style = nn.Linear(width, max(contents, 1)), nn.Linear(width, max(styles, 1))

    def forward(self, sentence: Tensor) -> tuple[Tensor, Tensor]:
        return self.content(sentence), self.style(sentence)


def reading_losses(read: tuple[Tensor, ...], content: Tensor, style: Tensor) -> dict[str, Tensor]:
    """Cross entropy in nats of both readings together, and the shares read right; labels [B], IGNORED where there is none."""
    found: dict[str, Tensor] = {}
    total = read[0].new_zeros((), dtype=torch.float32)
    for name, logits, wanted in (("content", read[0].float(), content), ("style", read[1].float(), style)):
        known = wanted != IGNORED
        count = known.sum().clamp_min(1)
        total = total + cross_entropy(logits, wanted, ignore_index=IGNORED, reduction="sum") / count
        found[f"{name}_read"] = ((logits.argmax(-1) == wanted) & known).sum() / count
    return {"label_loss": total, **found}
