"""Tokenizers with other quantisers than FSQ go the whole way: codes learned, exported, drawn by the runtime as PyTorch draws them."""

from pathlib import Path

import numpy as np
import pytest
import torch

from motionwire.bundle import Bundle
from motionwire.generator import layout
from motionwire.generator.generator import Generator
from motionwire_export import text_to_motion_graph, tokenizer_graph
from motionwire_export.assemble import assemble
from motionwire_export.weights import round_weights
from motionwire_training.text_to_motion import train as transformer
from motionwire_training.text_to_motion.load import load_text_to_motion
from motionwire_training.tokenizer import train as tokenizer
from plain_sampling import sample
from toy_models import tokenizer_config, toy_bundle, toy_runs, transformer_config

POSITIONS = 6


@pytest.mark.parametrize(("kind", "codes", "groups"), [("vq_reset", 64, 1), ("lfq", 64, 1), ("rvq", 64, 2)])
def test_its_generator_draws_the_codes_that_pytorch_draws(kind: str, codes: int, groups: int, tmp_path: Path) -> None:
    data, _, _ = toy_runs()
    words = (f"quantizer={kind}", f"codebook_size={codes}", f"groups={groups}")
    tokenizer.main(tokenizer_config(data, tmp_path / "tokenizer", *words))
    transformer.main(transformer_config(data, tmp_path / "tokenizer", data.parent / "encoder", tmp_path / "run"))
    out = toy_bundle().with_name(kind)  # beside the text encoder, which is not exported again
    assemble([tmp_path / "tokenizer", tmp_path / "run"], out, kind)
    model, network = load_text_to_motion(tmp_path / "run")
    for part in (model, network):
        round_weights(part)
    text_to_motion_graph.simplify(model)
    tokenizer_graph.simplify(network.decoder)
    bundle = Bundle.load(str(out))
    assert bundle.manifest.codebook["levels"] == []
    generator = Generator(bundle)
    drawn = sample(model, generator._graphs.sentences.encode("a person walks"), torch.zeros(0, groups, dtype=torch.long), POSITIONS, 3)
    found = np.concatenate(list(generator.stream("a person walks", POSITIONS * layout.STRIDE / 30, 3)))
    np.testing.assert_allclose(found, network.decode(drawn[None])[0].numpy(), atol=2e-3)
