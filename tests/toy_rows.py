"""What text-to-motion is trained on, made up."""

import torch
from torch import Tensor

from motionwire.generator import layout


def training_row(codes: int, groups: int, positions: int, *, words: int, room: int, past: int) -> dict[str, Tensor]:
    """A batch of one row for text-to-motion: a sentence of so many words with room for more, what came before, new positions, a goal."""
    new = torch.randint(0, codes, (1, positions, groups))
    return {
        "text": torch.randn(1, room, layout.TEXT_DIM),
        "text_mask": torch.arange(room)[None] < words,
        "sentence": torch.nn.functional.normalize(torch.randn(1, layout.TEXT_DIM), dim=-1),
        **dict.fromkeys(("words_told", "vector_told"), torch.ones(1, dtype=torch.bool)),
        "history": torch.randint(0, codes, (1, layout.MAX_HISTORY, groups)),
        "history_mask": torch.arange(layout.MAX_HISTORY)[None] >= layout.MAX_HISTORY - past,
        "inputs": new,
        "codes": torch.cat((new, torch.zeros(1, 1, groups, dtype=torch.long)), dim=1),
        "remaining": torch.tensor([[layout.remaining_index(positions - i) for i in range(positions + 1)]]),
        "goal": torch.randn(1, layout.GOAL_DIM),
        "goal_mask": torch.ones(1, dtype=torch.bool),
    }
