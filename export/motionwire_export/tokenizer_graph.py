"""The tokenizer's decoder as its graphs compute it: the products of its large blocks in 8 bits (int8.py), each norm one operator."""

from torch import Tensor, nn
from torch.nn.functional import gelu

from motionwire_export.int8 import round_products
from motionwire_export.operators import Norm
from motionwire_training.tokenizer.model import EPSILON, Block, CausalConvolution, Decoder


class GraphBlock(nn.Module):
    """A trained block."""

    def __init__(self, trained: Block) -> None:
        super().__init__()
        self.gain, self.convolution, self.out = trained.gain, trained.convolution, trained.out

    def forward(self, x: Tensor, cache: Tensor) -> tuple[Tensor, Tensor]:
        """x [B, T, C], cache -> as the trained block."""
        hidden, cache = self.convolution(Norm.apply(x, self.gain, EPSILON), cache)
        return x + self.out(gelu(hidden)), cache


def simplify(decoder: Decoder) -> None:
    """Put such blocks and products into a trained decoder. The layers around the blocks keep their precision: they are small."""
    for block in decoder.blocks:
        assert isinstance(block, Block)
        if isinstance(block.convolution, CausalConvolution):
            round_products(block.convolution, "mix")
        round_products(block, "out")
    for blocks in (decoder.blocks, decoder.refine):
        for number, block in enumerate(blocks):
            assert isinstance(block, Block)
            blocks[number] = GraphBlock(block)
