"""What a motion without a past begins from.

A tokenizer's first positions tell a pose coarsely, since each holds sixteen bits: a motion that begins from nothing takes its first second
to find its pose. One that goes on from a stand has it from its first frame.
"""

import numpy as np

from motionwire.bundle import Bundle
from motionwire.generator import layout
from motionwire.generator.generator import Generator

SECONDS = 4.0  # of the sentence's motion; the last one counts
SEED = 0


def opening_of(bundle: Bundle, sentence: str) -> list[list[int]]:
    """Codes of the end of what the bundle makes of a sentence, [8, G]."""
    made = np.concatenate(list(Generator(bundle).stream(sentence, SECONDS, SEED)))
    (codes,) = bundle.session("tokenizer_encoder").run(None, {"features": made[None, -layout.MAX_HISTORY * layout.STRIDE :]})
    found: list[list[int]] = codes[0].tolist()
    return found
