"""Text-to-motion's graphs: prefill, step (explicit key/value cache of static length) and the reading of a position's codes."""

from pathlib import Path

import torch
from torch import Tensor, nn

from motionwire.generator import layout
from motionwire_export.graph import ROUNDING, Exported, Inputs, write_graph
from motionwire_export.samples import real_features
from motionwire_export.text_to_motion_graph import StepGraph, simplify, without_gaps
from motionwire_export.weights import SharedWeights, round_weights
from motionwire_training.run import read_config, read_settings
from motionwire_training.text_encoder.encoder import TextEncoder
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.text_to_motion.load import load_text_to_motion
from motionwire_training.text_to_motion.model import TextToMotion
from motionwire_training.text_to_motion.tokens import corpus
from motionwire_training.text_to_motion.train import validation_figures
from motionwire_training.tokenizer.model import Tokenizer

SENTENCE = "a person walks forward and raises the left hand"
UNITS = {
    "text": "token embeddings of the text encoder", "sentence": "sentence embedding of the text encoder",
    "history": "FSQ codes", "codes": "FSQ codes", "remaining": "positions to come + 1",
    "goal": "displacement x, z in m, cosine and sine of the heading change, features of the frame to arrive at",
}  # fmt: skip


class _Call(nn.Module):
    """One method of the model as a module of its own."""

    def __init__(self, model: TextToMotion, method: str) -> None:
        super().__init__()
        self.model, self.method = model, method

    def forward(self, *inputs: Tensor) -> Tensor | tuple[Tensor, ...]:
        return getattr(self.model, self.method)(*inputs)


def export(run_dir: Path, out_dir: Path) -> Exported:
    """text_to_motion_prefill, text_to_motion_step and text_to_motion_codes in `out_dir`, verified."""
    model, tokenizer = load_text_to_motion(run_dir)
    round_weights(model)
    simplify(model)
    weights = SharedWeights(out_dir / "text_to_motion.weights")
    config = read_config(run_dir)["config"]
    prefills = [_random_prefill(model), _real_prefill(model, tokenizer, config)]
    batch = {0: "batch"}
    cache = {1: "batch"}
    graphs = [
        write_graph(
            _Call(model, "prefill"), out_dir / "text_to_motion_prefill.onnx", prefills, ["hidden", "keys", "values"],
            axes={**{name: batch for name in (*prefills[0], "hidden")}, "keys": cache, "values": cache}, units=UNITS,
            tolerance=ROUNDING, weights=weights,
        )
    ]  # fmt: skip
    steps, reads = [], []
    for sample in prefills:
        hidden, keys, values = model.prefill(*sample.values())
        codes = torch.argmax(model.logits(hidden, torch.zeros(len(hidden), model.groups, dtype=torch.long)), -1).clamp_max(model.codes - 1)
        reads.append({"hidden": hidden, "codes": codes})
        steps.append(_step_sample(sample, codes, keys, values))
    after = [f"next_{name}" for name in steps[0] if name.startswith(("keys_", "values_"))]
    graphs.append(write_graph(
        StepGraph(model), out_dir / "text_to_motion_step.onnx", steps, ["hidden", *after],
        axes={name: batch for name in (*steps[0], "hidden", *after)},
        units={**UNITS, "slot": "place of this position in the sequence", "length": "what the caches hold"},
        tolerance=ROUNDING, weights=weights,
    ))  # fmt: skip
    graphs.append(write_graph(
        _Call(model, "logits"), out_dir / "text_to_motion_codes.onnx", reads, ["logits"],
        axes={name: batch for name in ("hidden", "codes", "logits")}, units={**UNITS, "logits": "the last one of group 0 is the end"},
        weights=weights,
    ))  # fmt: skip
    settings = read_settings(run_dir, TextToMotionConfig)
    val = corpus(settings, "val", tokenizer, run_dir).labelled_as(**model.sentence.names)
    return Exported(graphs, validation_figures(model, settings, val, model.codes, torch.device("cpu")))


def _random_prefill(model: TextToMotion) -> Inputs:
    generator = torch.Generator().manual_seed(0)
    text_mask = torch.zeros(2, layout.MAX_TEXT, dtype=torch.bool)
    text_mask[0, :9] = True
    history_mask = torch.zeros(2, layout.MAX_HISTORY, dtype=torch.bool)
    history_mask[:, -3:] = True
    return {
        "text": torch.randn(2, layout.MAX_TEXT, layout.TEXT_DIM, generator=generator) * 0.4,
        "text_mask": text_mask,
        "sentence": torch.nn.functional.normalize(torch.randn(2, layout.TEXT_DIM, generator=generator), dim=-1),
        "history": torch.randint(0, model.codes, (2, layout.MAX_HISTORY, model.groups), generator=generator),
        "history_mask": history_mask,
        "remaining": torch.tensor([0, 31]),
        "goal": torch.randn(2, layout.GOAL_DIM, generator=generator),
        "goal_mask": torch.tensor([False, True]),
    }


def _real_prefill(model: TextToMotion, tokenizer: Tokenizer, config: dict[str, str]) -> Inputs:
    words, sentence = (torch.from_numpy(part).float() for part in TextEncoder(config["text_encoder"]).embed([SENTENCE])[0])
    text = torch.zeros(1, layout.MAX_TEXT, layout.TEXT_DIM)
    text[0, : len(words)] = words
    past = tokenizer.encode(real_features(config))[:, -layout.MAX_HISTORY :]
    history = torch.zeros(1, layout.MAX_HISTORY, model.groups, dtype=torch.long)
    history[:, layout.MAX_HISTORY - past.shape[1] :] = past
    index = torch.arange(layout.MAX_HISTORY)[None]
    return {
        "text": text,
        "text_mask": torch.arange(layout.MAX_TEXT)[None] < len(words),
        "sentence": sentence[None],
        "history": history,
        "history_mask": index >= layout.MAX_HISTORY - past.shape[1],
        "remaining": torch.tensor([30]),
        "goal": torch.zeros(1, layout.GOAL_DIM),
        "goal_mask": torch.tensor([False]),
    }


def _step_sample(prefill: Inputs, codes: Tensor, keys: Tensor, values: Tensor) -> Inputs:
    """The first step after a prefill, its cache laid into the layers' own without gaps."""
    caches, length = without_gaps(keys, values, prefill["text_mask"], prefill["history_mask"])
    return {
        "codes": codes,
        "remaining": prefill["remaining"],
        "slot": layout.MOTION + torch.arange(len(length)),  # the rows of a batch may be at different places
        "length": length,
        **{f"{name}_{layer}": part for name, cache in zip(("keys", "values"), caches, strict=True) for layer, part in enumerate(cache)},
    }
