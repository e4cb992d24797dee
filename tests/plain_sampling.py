"""Sampling in PyTorch, without a cache: the plainest form of what the runtime's loop does, which has to draw the same codes."""

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import softmax
from torch import Tensor

from motionwire.generator import layout
from motionwire.generator.batch import MIN_POSITIONS, OWN_POSITIONS
from motionwire.generator.sampling import STANDARD, Settled, draw, guided
from motionwire.generator.sentences import Sentence
from motionwire_training.text_to_motion.model import TextToMotion

ROWS = 2  # with the sentence, without it


@torch.no_grad()
def sample(
    model: TextToMotion,
    sentence: Sentence,
    past: Tensor,
    positions: int | None,
    seed: int,
    sampling: Settled = STANDARD,
    goal: NDArray[np.float32] | None = None,
) -> Tensor:
    """Codes int64 [positions, G] of a sentence's embeddings, after the codes `past` [n, G], n at most 8; goal [280]. positions None: the
    model draws the end."""
    random = np.random.default_rng(seed)
    words = torch.from_numpy(sentence.words)
    text_mask = torch.zeros(ROWS, max(1, len(words)), dtype=torch.bool)
    text_mask[0, : len(words)] = True
    text = torch.zeros(ROWS, text_mask.shape[1], layout.TEXT_DIM)
    text[:, : len(words)] = words
    history = torch.zeros(ROWS, layout.MAX_HISTORY, model.groups, dtype=torch.long)
    history[:, layout.MAX_HISTORY - len(past) :] = past
    fixed = {
        "text": text,
        "text_mask": text_mask,
        "sentence": torch.from_numpy(sentence.whole).expand(ROWS, -1),
        **dict.fromkeys(("words_told", "vector_told"), torch.ones(ROWS, dtype=torch.bool)),
        "history": history,
        "history_mask": (torch.arange(layout.MAX_HISTORY) >= layout.MAX_HISTORY - len(past)).expand(ROWS, -1),
        "goal": torch.zeros(ROWS, layout.GOAL_DIM) if goal is None else torch.from_numpy(goal).expand(ROWS, -1),
        "goal_mask": torch.full((ROWS,), goal is not None),
    }
    codes = torch.zeros(ROWS, 0, model.groups, dtype=torch.long)
    for position in range(OWN_POSITIONS if positions is None else positions):
        told = [layout.remaining_index(None if positions is None else positions - i) for i in range(position + 1)]
        coming = torch.zeros(ROWS, 1, model.groups, dtype=torch.long)
        for group in range(model.groups):
            remaining = torch.tensor(told).expand(ROWS, -1)
            batch = {**fixed, "inputs": codes, "codes": torch.cat((codes, coming), dim=1), "remaining": remaining}
            with_text, without = model(batch)[0][:, -1:, group].float().numpy()
            chance, end = random.random(), 0.0
            if positions is None and group == 0 and position >= MIN_POSITIONS:
                end = float(softmax(with_text.astype(np.float64), axis=1)[0, model.end])
            if chance < end:
                return codes[0]
            choice = guided(with_text, without, np.array([sampling.guidance]))
            choice[:, model.end] = -np.inf
            coming[:, 0, group] = int(draw(choice, np.array([(chance - end) / (1 - end)]), [sampling])[0])
        codes = torch.cat((codes, coming), dim=1)
    return codes[0]
