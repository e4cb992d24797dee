"""The tokenizer: causal both ways, streamed decoding equals whole decoding, it learns, its windows are bounded and repeatable."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from motionwire.errors import InputError
from motionwire.motion import features
from motionwire_training.features import mirror_features, read_features
from motionwire_training.tokenizer import attention
from motionwire_training.tokenizer.configuration import LEVELS, TokenizerConfig
from motionwire_training.tokenizer.data import _shares, epoch, hold_last, survey
from motionwire_training.tokenizer.load import load_tokenizer
from motionwire_training.tokenizer.losses import reconstruction_losses
from motionwire_training.tokenizer.metrics import reconstruction_figures
from motionwire_training.tokenizer.model import Tokenizer
from motionwire_training.tokenizer.resident import ResidentFeatures
from motionwire_training.tokenizer.train import main
from toy_models import random_features, tokenizer_config, toy_runs, write_dataset


def small(**settings: object) -> Tokenizer:
    torch.manual_seed(0)
    return Tokenizer(TokenizerConfig(data="d", out="o", licence="free", width=32, refine_width=16, **settings)).eval()  # type: ignore[arg-type]


@pytest.fixture(params=[{}, {"stride": 2}, {"attention": "diagonal"}, {"attention": "causal"}], ids=str)
def model(request: pytest.FixtureRequest) -> Tokenizer:
    return small(**request.param)


@torch.no_grad()
def test_streamed_decoding_equals_whole_decoding(model: Tokenizer) -> None:
    codes = torch.randint(0, model.codes, (3, 21, model.groups))
    whole = model.decode(codes)
    caches, chunks = model.decoder.caches(3), []
    for start, stop in ((0, 1), (1, 2), (2, 7), (7, 8), (8, 21)):
        chunk, caches = model.decode_step(codes[:, start:stop], caches)
        chunks.append(chunk)
    torch.testing.assert_close(torch.cat(chunks, dim=1), whole, atol=2e-6, rtol=1e-5)


@torch.no_grad()
def test_nothing_depends_on_the_future(model: Tokenizer) -> None:
    values = torch.from_numpy(random_features(64))[None]
    changed = values.clone()
    changed[:, 32:] += 1
    codes, other = model.encode(values), model.encode(changed)
    half = 32 // model.stride
    assert torch.equal(codes[:, :half], other[:, :half]) and not torch.equal(codes, other)
    swapped = codes.clone()
    swapped[:, half:] = (swapped[:, half:] + 1) % model.codes
    torch.testing.assert_close(model.decode(codes)[:, :32], model.decode(swapped)[:, :32])


@torch.no_grad()
def test_full_attention_sees_the_future() -> None:
    model = small(attention="full")
    codes = torch.randint(0, model.codes, (1, 16, 2))
    swapped = codes.clone()
    swapped[:, 8:] = (swapped[:, 8:] + 1) % model.codes
    assert not torch.allclose(model.decode(codes)[:, :32], model.decode(swapped)[:, :32])


@torch.no_grad()
@pytest.mark.parametrize("kind", ["diagonal", "causal", "full"])
def test_attention_takes_clips_that_are_longer_than_its_table(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = torch.arange(24)[None, :, None].expand(1, -1, 2)
    whole = small(attention=kind).decode(codes)
    monkeypatch.setattr(attention, "SLOTS", 16)
    torch.testing.assert_close(small(attention=kind).decode(codes), whole)


@torch.no_grad()
def test_forward_is_encode_then_decode(model: Tokenizer) -> None:
    values = torch.from_numpy(random_features(32))[None]
    found, codes, loss = model(values)
    assert torch.equal(codes, model.encode(values)) and float(loss) == 0
    torch.testing.assert_close(found, model.decode(model.encode(values)))


@pytest.mark.parametrize("size", LEVELS)
def test_each_codebook_size_has_levels_near_it(size: int) -> None:
    config = TokenizerConfig(data="d", out="o", licence="free", codebook_size=size, groups=1)
    assert config.codes == math.prod(LEVELS[size]) and 0.85 * size <= config.codes <= 1.1 * size
    tokenizer = Tokenizer(TokenizerConfig(data="d", out="o", licence="free", codebook_size=size, groups=1, width=16, refine_width=8))
    codes = tokenizer.encode(torch.from_numpy(random_features(16))[None])
    assert codes.shape == (1, 4, 1) and int(codes.max()) < config.codes


def test_a_perfect_reconstruction_costs_nothing() -> None:
    values = torch.from_numpy(random_features(32))[None]
    config = TokenizerConfig(data="d", out="o", licence="free")
    assert float(reconstruction_losses(values, values, torch.ones(features.DIM), config.loss)["loss"]) == 0
    shaken = values + 0.01 * torch.randn_like(values)
    terms = reconstruction_losses(shaken, values, torch.ones(features.DIM), config.loss)
    assert all(float(value) > 0 for value in terms.values())
    early = reconstruction_losses(shaken, values, torch.ones(features.DIM), config.loss, done=0.0)["loss"]
    assert float(early) < float(terms["loss"])


def test_windows_repeat_for_the_same_epoch_only(tmp_path: Path) -> None:
    config = tokenizer_config(write_dataset(tmp_path / "data"), tmp_path / "run")
    first, again, other = (list(epoch(config, survey(config).shares, number)) for number in (0, 0, 1))
    assert first[0]["features"].shape == (4, config.window, features.DIM)
    assert all(torch.equal(a["features"], b["features"]) for a, b in zip(first, again, strict=True))
    assert not torch.equal(first[0]["features"], other[0]["features"])


def test_training_lowers_the_error(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    config = tokenizer_config(data, tmp_path / "run", "steps=60", "validate_every=10", "warmup=5", "learning_rate=2e-3", "ema=0.8")
    figures = main(config)
    torch.manual_seed(0)
    untrained = load_tokenizer(tmp_path / "run").model
    for parameter in untrained.parameters():
        parameter.data.normal_(std=0.02)
    before = reconstruction_figures(untrained, read_features(data, "val", "free"))
    assert figures["mpjpe_mm"] < 0.8 * before["mpjpe_mm"]
    assert {"rotation_deg", "jitter_ratio", "drift_cm", "usage", "perplexity", "mpjpe_mm_toy"} <= figures.keys()


def test_figures_of_the_data_itself() -> None:
    data, run, _ = toy_runs()

    class Perfect(torch.nn.Module):
        stride, groups, codes = 4, 2, 240
        mean = torch.zeros(1)

        def forward(self, values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
            codes = np.random.default_rng(0).integers(0, 240, (1, values.shape[1] // 4, 2))
            return values, torch.from_numpy(codes), torch.zeros(())

    figures = reconstruction_figures(Perfect(), read_features(data, "val", "free"))  # type: ignore[arg-type]
    assert (figures["mpjpe_mm"], figures["rotation_deg"], figures["jitter_ratio"], figures["drift_cm"]) == (0, 0, 1, 0)
    assert load_tokenizer(run).config.bits < 16


def test_resident_windows_are_pieces_of_clips_or_of_their_mirror_images(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    config = TokenizerConfig(data=str(data), out="o", licence="research", window=32, batch_size=4)
    shares = survey(config).shares
    resident = ResidentFeatures(config, shares, torch.device("cpu"))
    first, again = ([batch["features"].numpy() for batch in resident.epoch(3)] for _ in range(2))
    assert first and all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], next(resident.epoch(4))["features"].numpy())
    clips = [values for clip in read_features(data, "train", "research") for values in (clip.features, mirror_features(clip.features))]
    for window in np.concatenate(first):
        found = [values for values in clips for start in np.flatnonzero((np.abs(values - window[0]) < 1e-6).all(-1))
                 if np.allclose(hold_last(values[start : start + 32], 32), window, atol=1e-6)]  # fmt: skip
        assert found
    streamed = sum(len(batch["features"]) for batch in epoch(config, shares, 0))
    assert abs(streamed - sum(len(rows) for rows in first)) < config.batch_size


def test_resident_training_without_a_clip_is_an_error(tmp_path: Path) -> None:
    config = TokenizerConfig(data=str(write_dataset(tmp_path / "data", licence_class="research")), out="o", licence="free")
    with pytest.raises(InputError, match="no training clips"):
        survey(config)
    with pytest.raises(InputError, match="no training clips"):
        ResidentFeatures(config, {}, torch.device("cpu"))


def test_rare_kinds_of_clips_are_drawn_more_than_their_windows() -> None:
    shares = _shares({"walk": 900, "bow": 100}, 0.5)
    drawn = {kind: shares[kind] * count for kind, count in (("walk", 900), ("bow", 100))}
    assert drawn == {"walk": pytest.approx(750), "bow": pytest.approx(250)}
    assert _shares({"walk": 900, "bow": 100}, 0.0) == {"walk": 1, "bow": 1}
