"""Quantisers: codes decode to what the decoder was trained on, gradients pass, learned codebooks learn and take back dead codes."""

import math

import pytest
import torch

from motionwire.errors import InputError
from motionwire_training.tokenizer.configuration import FIXED, NEEDS, TokenizerConfig
from motionwire_training.tokenizer.model import Tokenizer
from motionwire_training.tokenizer.quantizers import Quantizer, make_quantizer

KINDS = [("fsq", 512, 1), ("fsq", 256, 2), ("vq", 512, 1), ("vq_reset", 512, 1), ("rvq", 256, 2), ("lfq", 512, 1)]


def quantizer(kind: str, codes: int, groups: int) -> Quantizer:
    config = TokenizerConfig(data="d", out="o", licence="free", quantizer=kind, codebook_size=codes, groups=groups)
    torch.manual_seed(0)
    return make_quantizer(kind, config.levels, config.codes, groups)


@pytest.mark.parametrize(("kind", "codes", "groups"), KINDS)
def test_codes_decode_to_the_quantised_latents(kind: str, codes: int, groups: int) -> None:
    model = quantizer(kind, codes, groups).eval()
    quantised, found, _ = model(torch.randn(3, 7, model.latent))
    assert found.shape == (3, 7, groups) and quantised.shape == (3, 7, model.out)
    assert int(found.min()) >= 0 and int(found.max()) < model.vectors.shape[1]
    torch.testing.assert_close(model.decode(found), quantised)


@pytest.mark.parametrize(("kind", "codes", "groups"), KINDS)
def test_gradients_pass(kind: str, codes: int, groups: int) -> None:
    model = quantizer(kind, codes, groups).train()
    latents = torch.randn(3, 7, model.latent, requires_grad=True)
    quantised, _, loss = model(latents)
    (quantised.square().sum() + loss).backward()
    assert latents.grad is not None and bool((latents.grad != 0).any())
    assert (float(loss) != 0) == (NEEDS[kind] != "nothing")


def test_learned_codes_move_to_the_latents_and_dead_ones_come_back() -> None:
    torch.manual_seed(0)
    latents = torch.randn(1, 600, 32) + 5
    used, error = {}, {}
    for kind in ("vq", "vq_reset"):
        model = quantizer(kind, 64, 1).train()
        before = float((model(latents)[0] - latents).square().mean())
        for _ in range(120):
            quantised, codes, _ = model(latents)
        used[kind] = codes.unique().numel()
        error[kind] = float((quantised - latents).square().mean())
        assert error[kind] < 0.5 * before
    assert used["vq_reset"] > used["vq"] and error["vq_reset"] < error["vq"]


@pytest.mark.parametrize(("kind", "codes", "groups"), KINDS)
def test_only_codes_that_training_does_not_move_can_be_kept(kind: str, codes: int, groups: int) -> None:
    model = quantizer(kind, codes, groups).train()
    before = model.vectors.clone()
    model(torch.randn(3, 7, model.latent))
    assert torch.equal(model.vectors, before) == (kind in FIXED)


def test_codes_are_those_of_the_levels_or_the_codebook() -> None:
    def config(**settings: object) -> TokenizerConfig:
        return TokenizerConfig(data="d", out="o", licence="free", **settings)  # type: ignore[arg-type]

    assert config(codebook_size=1024, groups=1).codes == math.prod([8, 5, 5, 5])
    assert config(codebook_size=1024, groups=1, quantizer="vq").codes == 1024
    for settings in ({"quantizer": "pq"}, {"quantizer": "vq", "groups": 2}, {"quantizer": "lfq", "groups": 2}, {"groups": 0}):
        with pytest.raises(InputError):
            config(**settings)


def test_a_tokenizer_of_each_kind_trains_a_step() -> None:
    for kind, codes, groups in KINDS:
        config = TokenizerConfig(
            data="d", out="o", licence="free", width=32, refine_width=16, quantizer=kind, codebook_size=codes, groups=groups
        )
        model = Tokenizer(config)
        values, found, loss = model(torch.randn(2, 16, 276))
        (values.square().mean() + loss).backward()
        assert found.shape == (2, 4, groups) and model.encoder.out.weight.grad is not None
