"""Draws the figures of docs/text-to-motion.md into docs/pictures, with the embedded free bundle.

    python docs/text_to_motion_figures.py datasets/shared

The recorded clip is one of CMU's validation walks (free for all uses); the picture holds a curve computed from it, no motion.
"""

import sys
from pathlib import Path

import numpy as np

from motionwire.bundle import Bundle
from motionwire.generator import layout
from motionwire.generator.generate import generate
from motionwire.generator.generator import Generator
from motionwire.generator.graphs import Graphs
from motionwire.generator.prefill import Prefill
from motionwire.generator.sampling import guided
from motionwire.generator.task import Leg, Task
from motionwire.line_chart import Curve, Panel, draw_chart
from motionwire.motion import features
from motionwire.motion.skeleton import JOINT_NAMES, REFERENCE
from motionwire.render import LEFT, MIDDLE, RIGHT, contact_sheet
from motionwire_training.features import read_features

PICTURES = Path(__file__).parent / "pictures"
SENTENCE = "a person dances salsa"
SECONDS = 4


def tokens(bundle: Bundle, data: Path) -> None:
    """A wrist's height as recorded and after the tokenizer, and the codes of both groups."""
    clip = next(c for c in read_features(data, "val", "free") if c.labels["source"] == "cmu" and len(c.features) > SECONDS * 30)
    values = clip.features[None, : SECONDS * 30]
    (codes,) = bundle.session("tokenizer_encoder").run(None, {"features": values})
    (found,) = bundle.session("tokenizer_decoder").run(None, {"codes": codes})
    time = np.arange(values.shape[1]) / features.FPS
    heights = [
        features.decode(part[0], REFERENCE, features.FPS).world()[0][:, JOINT_NAMES.index("left_wrist"), 1] for part in (values, found)
    ]
    low, high = float(np.min(heights)) - 0.05, float(np.max(heights)) + 0.05
    ticks = [(round(t, 1), f"{t:.1f}") for t in np.linspace(low, high, 3)]
    steps = np.repeat(np.arange(codes.shape[1] + 1), 2)[1:-1] * layout.STRIDE / features.FPS
    curves = [Curve(steps, np.repeat(codes[0, :, g], 2), colour, f"group {g + 1}") for g, colour in enumerate((LEFT, RIGHT))]
    panels = [
        Panel("height of the left wrist, m", [Curve(time, heights[0], MIDDLE, "recorded"), Curve(time, heights[1], RIGHT, "from codes")],
              low, high, ticks, height=120),
        Panel("codes, 7.5 positions a second", curves, 0, 240, [(0, "0"), (120, "120"), (240, "240")], height=110),
    ]  # fmt: skip
    draw_chart(panels, PICTURES / "text_to_motion_tokens.png", 0.0, float(SECONDS), "s")


def guidance(bundle: Bundle) -> None:
    """Sorted probabilities of the first code of group 1: without the sentence, with it, and with guidance 2 and 4."""
    graphs = Graphs.open(bundle)
    past = np.zeros((0, graphs.groups), np.int64)
    prefill = Prefill(graphs.sentences.encode(SENTENCE), past, layout.remaining_index(30), None).run(graphs, [True, False])
    (logits,) = graphs.codes.run(None, {"hidden": prefill.hidden, "codes": np.zeros((2, graphs.groups), np.int64)})
    with_text, without = logits[:1, 0], logits[1:, 0]
    curves = []
    for strength, colour, name in ((0, (150, 150, 155), "without"), (1, LEFT, "with"), (2, MIDDLE, "guidance 2"), (4, RIGHT, "guidance 4")):
        choice = guided(with_text, without, np.array([float(strength)]))[0]
        shares = np.exp(choice - choice.max())
        shares = np.sort(shares / shares.sum())[::-1]
        curves.append(Curve(np.arange(1, 31), np.cumsum(shares)[:30], colour, name))
    panel = Panel(f'probability of the n likeliest codes, "{SENTENCE}"', curves, 0, 1.02, [(0, "0"), (0.5, "0.5"), (1, "1")], height=150)
    draw_chart([panel], PICTURES / "text_to_motion_guidance.png", 1.0, 30.0, "n")


def seeds(bundle: Bundle) -> None:
    """One sentence, three seeds."""
    generator = Generator(bundle)
    clips = [generate(generator, Task(legs=[Leg(SENTENCE, SECONDS)], seed=seed)) for seed in range(3)]
    contact_sheet(clips, PICTURES / "text_to_motion_seeds.png")


if __name__ == "__main__":
    embedded = Bundle.load("free")
    tokens(embedded, Path(sys.argv[1]))
    guidance(embedded)
    seeds(embedded)
