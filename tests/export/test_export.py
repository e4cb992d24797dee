"""Export: a verified bundle of tiny models, shared half-precision weights, and refusal to write what does not fit."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import nn

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire_export.assemble import assemble
from motionwire_export.graph import ExportError, write_graph
from motionwire_export.tokenizer_graph import simplify
from motionwire_export.weights import LARGE, SharedWeights, round_weights
from motionwire_training.tokenizer.load import load_tokenizer
from toy_models import random_features, toy_bundle, toy_runs


def test_the_bundle_holds_every_graph_and_its_provenance() -> None:
    bundle = Bundle.load(toy_bundle())
    manifest = bundle.manifest
    assert set(manifest.graphs) == {
        "tokenizer_encoder", "tokenizer_decoder", "tokenizer_decoder_step",
        "text_to_motion_prefill", "text_to_motion_step", "text_to_motion_codes",
    }  # fmt: skip
    assert (manifest.licence, manifest.commercial_use) == ("MIT", True), "what the source says"
    assert [(row.source, row.clips) for row in manifest.training_data] == [("toy", 10)]
    assert set(manifest.quality) == {"tokenizer", "text-to-motion"}
    for kind, figure in (("tokenizer", "mpjpe_mm"), ("text-to-motion", "loss"), ("text-to-motion", "label_loss")):
        measured = manifest.quality[kind]
        assert measured[f"exported_{figure}"] == pytest.approx(measured[figure], rel=0.01), "what 8 bits cost"
    assert manifest.recipe["tokenizer"]["data_version"] == "toy" and manifest.codebook["levels"] == [8, 6, 5]
    assert bundle.text_encoder().manifest.quality["text_encoder"]["cosine_sentence_min"] > 0.9
    assert manifest.suggestions == [], "no content has five clips"


def test_step_and_whole_decoder_share_their_weights() -> None:
    folder = toy_bundle()
    places = []
    for name in ("tokenizer_decoder", "tokenizer_decoder_step"):
        model = onnx.load(folder / f"{name}.onnx", load_external_data=False)
        external = {
            tuple((entry.key, entry.value) for entry in tensor.external_data) for tensor in model.graph.initializer if tensor.external_data
        }
        places.append(external)
    assert places[0] and places[0] == places[1]


def test_exported_graphs_equal_rounded_pytorch() -> None:
    _, run, _ = toy_runs()
    model = load_tokenizer(run).model
    round_weights(model)
    simplify(model.decoder)
    bundle = Bundle.load(toy_bundle())
    values = random_features(52)[None]
    (codes,) = bundle.session("tokenizer_encoder").run(None, {"features": values})
    assert np.array_equal(codes, model.encode(torch.from_numpy(values)).numpy())
    (whole,) = bundle.session("tokenizer_decoder").run(None, {"codes": codes})
    np.testing.assert_allclose(whole, model.decode(torch.from_numpy(codes)).numpy(), atol=1e-4)
    step = bundle.session("tokenizer_decoder_step")
    caches = [np.zeros((1, *node.shape[1:]), np.float32) for node in step.get_inputs()[1:]]
    chunks = []
    for position in range(codes.shape[1]):
        chunk, *caches = step.run(None, {"codes": codes[:, position : position + 1], **{f"cache_{i}": c for i, c in enumerate(caches)}})
        chunks.append(chunk)
    assert np.array_equal(np.concatenate(chunks, axis=1), whole)


class _Inconstant(nn.Module):
    """Differs from its own trace: what a wrong export looks like."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        return x * self.calls


def test_a_graph_that_differs_from_pytorch_fails_the_command(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"wrong\.onnx, sample 0: y differs from PyTorch"):
        write_graph(_Inconstant(), tmp_path / "wrong.onnx", [{"x": torch.ones(2, 3)}], ["y"], axes={})


def test_weights_that_halves_cannot_hold_stay_exact(tmp_path: Path) -> None:
    torch.manual_seed(0)
    module = nn.Linear(64, 64)
    assert module.weight.numel() >= LARGE
    sample = [{"x": torch.randn(2, 64)}]
    exact = SharedWeights(tmp_path / "exact.weights")
    write_graph(module, tmp_path / "exact.onnx", sample, ["y"], axes={}, weights=exact)
    assert (tmp_path / "exact.weights").stat().st_size == 0
    round_weights(module)
    rounded = SharedWeights(tmp_path / "rounded.weights")
    write_graph(module, tmp_path / "rounded.onnx", sample, ["y"], axes={}, weights=rounded)
    assert (tmp_path / "rounded.weights").stat().st_size == 64 * 64 * 2


def test_runs_that_do_not_fit_leave_no_bundle(tmp_path: Path) -> None:
    _, tokenizer, transformer = toy_runs()
    out = tmp_path / "bundle"
    with pytest.raises(InputError, match="give that tokenizer run as well"):
        assemble([transformer], out, "toy")
    with pytest.raises(InputError, match="second run of tokenizer"):
        assemble([tokenizer, tokenizer], out, "toy")
    with pytest.raises(InputError, match="not a run folder"):
        assemble([tmp_path], out, "toy")
    research = tmp_path / "research"
    research.mkdir()
    config = json.loads((tokenizer / "config.json").read_text())
    config["config"]["licence"] = "research"
    (research / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match="licence=free"):
        assemble([research], out, "free")
    with pytest.raises(InputError, match="no weights yet"):
        assemble([research], out, "toy")
    assert not out.exists() and not list(tmp_path.glob(".bundle*"))


def test_a_second_export_replaces_the_first_one_whole(tmp_path: Path) -> None:
    _, tokenizer, _ = toy_runs()
    out = tmp_path / "bundle"
    assemble([tokenizer], out, "first")
    (out / "stray").write_text("x")
    assert assemble([tokenizer], out, "second").name == "second"
    assert not (out / "stray").exists() and [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_the_card_names_the_data_of_every_run(tmp_path: Path) -> None:
    data, tokenizer, transformer = toy_runs()
    other = tmp_path / "other"
    shutil.copytree(data, other)
    (other / "dataset.json").write_text((data / "dataset.json").read_text().replace('"toy"', '"others"'))
    copied = tmp_path / "text_to_motion"
    shutil.copytree(transformer, copied)
    said = (transformer / "config.json").read_text().replace(str(data), str(other))
    (copied / "config.json").write_text(said.replace('"data_version": "toy"', '"data_version": "others"'))
    made = assemble([tokenizer, copied], tmp_path / "bundle", "toy")
    assert [row.source for row in made.manifest.training_data] == ["others", "toy"]


def test_a_text_encoder_that_the_run_did_not_hear_through_is_refused(tmp_path: Path) -> None:
    _, tokenizer, transformer = toy_runs()
    shared = tmp_path / "text_encoder"
    shutil.copytree(toy_bundle().parent / "text_encoder", shared)
    manifest = shared / "bundle.json"
    described = json.loads(manifest.read_text())
    described["recipe"]["weights"] = "of other sentence layers"
    manifest.write_text(json.dumps(described))
    with pytest.raises(InputError, match="is not the text encoder that text-to-motion was trained with"):
        assemble([tokenizer, transformer], tmp_path / "toy", "toy")
    assert not (tmp_path / "toy").exists()
