"""Text-to-motion as its graphs compute it: prefill and steps are the network that was trained, but for the rounding to 8 bits."""

import pytest
import torch

from motionwire.generator import layout
from motionwire_export.text_to_motion_graph import StepGraph, simplify, without_gaps
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.text_to_motion.model import TextToMotion
from toy_rows import training_row

CODES, GROUPS, POSITIONS = 15, 2, 9


@pytest.fixture
def model() -> TextToMotion:
    torch.manual_seed(0)
    config = TextToMotionConfig(data="d", out="o", licence="free", tokenizer="", width=32, layers=2, heads=2)
    return TextToMotion(config, torch.randn(GROUPS, CODES, 3)).eval()


@torch.no_grad()
def test_prefill_and_steps_equal_the_whole_sequence(model: TextToMotion) -> None:
    """Two rows at once, which hold differently much."""
    rows = [training_row(CODES, GROUPS, POSITIONS, words=words, room=layout.MAX_TEXT, past=past) for words, past in ((6, 3), (1, 0))]
    trained = [model(row)[0] for row in rows]
    simplify(model)
    whole = torch.cat([model(row)[0] for row in rows])
    for found, wanted in zip(whole, trained, strict=True):
        assert 0 < (found - wanted[0]).abs().max() < 0.05 * wanted.abs().max(), "8 bits"
    batch = {name: torch.cat([row[name] for row in rows]) for name in rows[0]}
    names = ("text", "text_mask", "sentence", "history", "history_mask", "remaining", "goal", "goal_mask")
    hidden, keys, values = model.prefill(*(batch[name][:, 0] if name == "remaining" else batch[name] for name in names))
    caches, length = without_gaps(keys, values, batch["text_mask"], batch["history_mask"])
    laid, step = list(caches.flatten(0, 1)), StepGraph(model)
    for position in range(POSITIONS + 1):
        logits = model.logits(hidden, batch["codes"][:, position])
        # A value between two steps of the grid may be rounded the other way: far less than one position's difference.
        torch.testing.assert_close(logits, whole[:, position], atol=0.01, rtol=0)
        if position < POSITIONS:
            at = torch.full((2,), layout.MOTION + position)
            hidden, *laid = step(batch["inputs"][:, position], batch["remaining"][:, position + 1], at, length, *laid)
            length = length + 1
