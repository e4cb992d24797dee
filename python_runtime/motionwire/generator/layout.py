"""How text-to-motion lays its sequence out in the slots of the key/value cache; training, export and runtime share this.

0                 a learned prefix, always there; a goal, where there is one, is added to it
1..40             the sentence's token embeddings, bidirectional
41..48            the motion so far (at most the last 8 positions, right-aligned), optional
49                start: the new motion begins after it
50..255           the new motion's positions

The goal is described in arrival.py.
"""

from motionwire.motion import features

STRIDE = 4  # frames a position, 7.5 positions a second at 30 fps
MAX_TEXT = 40
MAX_HISTORY = 8
TEXT = 1
HISTORY = TEXT + MAX_TEXT
START = HISTORY + MAX_HISTORY
MOTION = START + 1
SLOTS = 256
MAX_MOTION = SLOTS - MOTION
SHORTEST, LONGEST = 0.1, MAX_MOTION * STRIDE / features.FPS  # s that can be asked of one sentence
TEXT_DIM = 384
GOAL_DIM = 4 + features.DIM
UNKNOWN_REMAINING = 0  # a count r of positions still to come is given as min(r, 126) + 1
MAX_REMAINING = 127


def remaining_index(positions: int | None) -> int:
    """The index of "this many positions to come"; None: the model decides when to end."""
    return UNKNOWN_REMAINING if positions is None else min(max(positions, 0), MAX_REMAINING - 1) + 1
