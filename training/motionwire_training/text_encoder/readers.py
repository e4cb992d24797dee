"""Content and style read from a sentence's vector: what makes it learn them."""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

IGNORED = -100  # in place of a label where there is none


def number_of(label: str, known: dict[str, int], new: bool = True) -> int:
    """The label's number, the next one where it is not known and `new` ones are taken; IGNORED for none."""
    if not label:
        return IGNORED
    return known.setdefault(label, len(known)) if new else known.get(label, IGNORED)


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
