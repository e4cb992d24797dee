"""The runtime's loop (caches, continuous batch, onnxruntime) draws the codes that plain PyTorch sampling draws, seed for seed."""

import numpy as np
import pytest
import torch

from motionwire.bundle import Bundle
from motionwire.generator import layout
from motionwire.generator.generator import Generator
from motionwire_export import text_to_motion_graph, tokenizer_graph
from motionwire_export.export_text_to_motion import load_text_to_motion
from motionwire_export.weights import round_weights
from motionwire_training.text_to_motion.sample import sample
from toy_models import random_features, toy_bundle, toy_runs

SENTENCE = "a person walks slowly"


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("frames_before", [0, 32])
def test_the_same_seed_draws_the_same_codes(seed: int, frames_before: int) -> None:
    _, _, run = toy_runs()
    model, tokenizer = load_text_to_motion(run)
    for network in (model, tokenizer):
        round_weights(network)
    text_to_motion_graph.simplify(model)
    tokenizer_graph.simplify(tokenizer.decoder)
    bundle = Bundle.load(toy_bundle())
    generator = Generator(bundle)
    before = random_features(frames_before) if frames_before else None
    past = torch.zeros(0, 2, dtype=torch.long) if before is None else tokenizer.encode(torch.from_numpy(before)[None])[0]
    sentence = generator._graphs.sentences.encode(SENTENCE)
    positions = 12
    codes = sample(model, sentence, past, positions, seed)
    assert len(codes.unique()) > 3
    wanted = tokenizer.decode(torch.cat((past, codes))[None])[0, len(past) * layout.STRIDE :]
    found = np.concatenate(list(generator.stream(SENTENCE, positions * layout.STRIDE / 30, seed, before)))
    # One code drawn otherwise would change a position by far more than float32's rounding.
    np.testing.assert_allclose(found, wanted.numpy(), atol=2e-3)
