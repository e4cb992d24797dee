"""A sentence as one vector: what is done, and how.

Token by token a transformer of this size learns which motion belongs to which wording, and is at a loss with a word that no caption
holds. In the text encoder's vector of the whole sentence such a word lies near its synonyms, so the labels can be read from it in new
wordings too; two linear readers, which are trained beside the motion and not exported, see to it that they can.
"""

from torch import Tensor, nn
from torch.nn.functional import gelu

from motionwire.generator import layout
from motionwire_training.text_to_motion.layers import RMSNorm


class Sentence(nn.Module):
    """Sentence embeddings [B, 384] and the mask of their words [B, Lt] -> vectors [B, C], zero where there is no sentence. `out` makes them
    part of the prefix."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = RMSNorm(layout.TEXT_DIM)
        self.inner = nn.Linear(layout.TEXT_DIM, width)
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, sentence: Tensor, mask: Tensor) -> Tensor:
        return gelu(self.inner(self.norm(sentence))) * mask.to(sentence.dtype).amax(1, keepdim=True)
