"""The runtime's loop (caches, continuous batch, onnxruntime) draws the codes that plain PyTorch sampling draws, seed for seed."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from motionwire.bundle import Bundle
from motionwire.generator import layout
from motionwire.generator.batch import MIN_POSITIONS, OWN_POSITIONS
from motionwire.generator.generator import Generator
from motionwire_export import text_to_motion_graph, tokenizer_graph
from motionwire_export.weights import round_weights
from motionwire_training.text_to_motion.load import load_text_to_motion
from motionwire_training.text_to_motion.model import TextToMotion
from motionwire_training.tokenizer.model import Tokenizer
from plain_sampling import sample
from toy_models import random_features, toy_bundle, toy_runs

SENTENCE = "a person walks slowly"
NOTHING = torch.zeros(0, 2, dtype=torch.long)

Models = tuple[TextToMotion, Tokenizer, Generator]


@pytest.fixture(scope="module")
def models() -> Models:
    """The toy run's networks in PyTorch, rounded as they are exported, and the exported ones."""
    _, _, run = toy_runs()
    model, tokenizer = load_text_to_motion(run)
    for network in (model, tokenizer):
        round_weights(network)
    text_to_motion_graph.simplify(model)
    tokenizer_graph.simplify(tokenizer.decoder)
    return model, tokenizer, Generator(Bundle.load(toy_bundle()))


def features_of(tokenizer: Tokenizer, past: torch.Tensor, codes: torch.Tensor) -> NDArray[np.float32]:
    return tokenizer.decode(torch.cat((past, codes))[None])[0, len(past) * layout.STRIDE :].numpy()


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("frames_before", [0, 32])
def test_the_same_seed_draws_the_same_codes(models: Models, seed: int, frames_before: int) -> None:
    model, tokenizer, generator = models
    before = random_features(frames_before) if frames_before else None
    past = NOTHING if before is None else tokenizer.encode(torch.from_numpy(before)[None])[0]
    sentence = generator._graphs.sentences.encode(SENTENCE)
    positions = 12
    codes = sample(model, sentence, past, positions, seed)
    assert len(codes.unique()) > 3
    found = np.concatenate(list(generator.stream(SENTENCE, positions * layout.STRIDE / 30, seed, before)))
    # One code drawn otherwise would change a position by far more than float32's rounding.
    np.testing.assert_allclose(found, features_of(tokenizer, past, codes), atol=2e-3)


def test_the_same_seed_ends_at_the_same_position(models: Models) -> None:
    model, tokenizer, generator = models
    sentence = generator._graphs.sentences.encode(SENTENCE)
    lengths = []
    # One draw of thousands lies where a rounding to 8 bits decides, and each of the two sums in its own order: one of seed 5's.
    for seed in range(5):
        codes = sample(model, sentence, NOTHING, None, seed)
        found = np.concatenate(list(generator.stream(SENTENCE, None, seed)))
        np.testing.assert_allclose(found, features_of(tokenizer, NOTHING, codes), atol=2e-3)
        lengths.append(len(codes))
    assert MIN_POSITIONS <= min(lengths) < OWN_POSITIONS and len(set(lengths)) > 1, lengths


def test_the_same_seed_arrives_by_the_same_codes(models: Models) -> None:
    model, tokenizer, generator = models
    goal, positions = np.random.default_rng(3).standard_normal(layout.GOAL_DIM).astype(np.float32), 10
    codes = sample(model, generator._graphs.sentences.encode(SENTENCE), NOTHING, positions, 5, goal=goal)
    assert not torch.equal(codes, sample(model, generator._graphs.sentences.encode(SENTENCE), NOTHING, positions, 5))
    batch = generator.batch(1)
    take = batch.begin(SENTENCE, positions * layout.STRIDE / 30, 5, None, goal=goal)
    found = np.concatenate([batch.advance([take])[0] for _ in range(positions)])
    np.testing.assert_allclose(found, features_of(tokenizer, NOTHING, codes), atol=2e-3)
