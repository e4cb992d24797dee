"""A sentence as one vector: what is done, and how.

Token by token a transformer of this size learns which motion belongs to which wording, and is at a loss with a word that no caption
holds. In the text encoder's vector of the whole sentence such a word lies near its synonyms, so the labels can be read from it in new
wordings too (labels.py). They are told beside it.
"""

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn.functional import gelu

from motionwire.generator import layout
from motionwire_training.text_to_motion.labels import Label
from motionwire_training.text_to_motion.layers import RMSNorm


class Sentence(nn.Module):
    """Sentence embeddings [B, 384] and the mask of their words [B, Lt] -> what becomes part of the prefix [B, C], zero where there is no
    sentence, and the logits of its `contents` and its `styles`. told bool [B]: whether the vector itself is told, not only the labels."""

    def __init__(self, width: int, contents: Sequence[str], styles: Sequence[str]) -> None:
        super().__init__()
        self.norm = RMSNorm(layout.TEXT_DIM)
        self.inner = nn.Linear(layout.TEXT_DIM, width)
        self.out = nn.Linear(width, width, bias=False)
        self.content, self.style = Label(width, contents), Label(width, styles)

    @property
    def names(self) -> dict[str, list[str]]:
        """The contents and styles that it knows."""
        return {"contents": self.content.names, "styles": self.style.names}

    def rename(self, contents: Sequence[str], styles: Sequence[str]) -> None:
        """Know these labels from here on; those that are new begin as in a new model."""
        self.content, self.style = self.content.renamed(contents), self.style.renamed(styles)

    def forward(self, sentence: Tensor, mask: Tensor, told: Tensor | None = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        vector = gelu(self.inner(self.norm(sentence)))
        (content, read_content), (style, read_style) = self.content(vector), self.style(vector)
        found = self.out(vector if told is None else vector * told[:, None]) + content + style
        return found * mask.to(found.dtype).amax(1, keepdim=True), (read_content, read_style)
