"""A bundle back into run folders: the same functions, licence and lineage, and trainings that begin from them."""

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from msgspec.structs import replace as changed
from safetensors.torch import load_file

import toy_bundle as controller_bundle
from motionwire.bundle import Bundle
from motionwire.controller import layout
from motionwire.errors import InputError
from motionwire.generator.generator import Generator
from motionwire_export.assemble import assemble, write_manifest
from motionwire_export.controller_inputs import inputs_of
from motionwire_export.export_controller import write_controller
from motionwire_export.graph import compare
from motionwire_export.sources import sources_of
from motionwire_export.unpack import unpack
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.load import load_controller
from motionwire_training.controller.model import build
from motionwire_training.run import load_weights, read_config, read_metrics
from motionwire_training.text_encoder.encoder import TextEncoder, trained_weights, vectors_of
from motionwire_training.text_encoder.train import main as train_text_encoder
from motionwire_training.text_to_motion.train import main as train_text_to_motion
from motionwire_training.tokenizer.load import load_tokenizer
from motionwire_training.tokenizer.train import main as train_tokenizer
from toy_models import random_features, tokenizer_config, toy_bundle, toy_runs, transformer_config
from training.text_encoder.test_text_encoder import SENTENCES, settings

STEP_OF_7_BITS = 1 / 63


@pytest.fixture
def bundle() -> Bundle:
    return Bundle.load(toy_bundle())


def controller_of(folder: Path, config: ControllerConfig) -> Bundle:
    """A bundle with a controller none of whose numbers is the one that it begins with."""
    torch.manual_seed(0)
    made = Bundle.load(controller_bundle.write(folder))
    network = build(config, len(controller_bundle.STYLES))
    for name, value in network.state_dict().items():
        value.add_(0.02 * torch.randn_like(value))
        if name.endswith("_std"):
            value.uniform_(0.05, 0.2)
    network.pose_mean.copy_(torch.from_numpy(controller_bundle.start_pose()))
    network.pose_low.copy_(network.pose_mean - 1)
    network.pose_high.copy_(network.pose_mean + 0.5)
    described = {"styles": list(controller_bundle.STYLES), "start_pose": controller_bundle.start_pose().tolist(), "idle": None}
    entry = write_controller(network.eval(), described, inputs_of(made), folder)
    recipe = {"controller": {"config": asdict(config), "data_version": "toy"}}
    write_manifest(changed(made.manifest, graphs={"controller": entry}, recipe=recipe, styles=described["styles"]), folder)
    return Bundle.load(folder)


def test_models_come_back_as_they_were(bundle: Bundle, tmp_path: Path) -> None:
    _, tokenizer, transformer = toy_runs()
    assert unpack(bundle, tmp_path / "runs") == [tmp_path / "runs" / kind for kind in ("tokenizer", "text-to-motion")]
    for before, kind in ((tokenizer, "tokenizer"), (transformer, "text-to-motion")):
        trained, back = load_weights(before), load_weights(tmp_path / "runs" / kind)
        assert back.keys() == trained.keys()
        for name, value in back.items():
            allowed = float(value.abs().max()) * STEP_OF_7_BITS
            torch.testing.assert_close(value, trained[name], atol=allowed, rtol=0, msg=name)
        told = read_metrics(before)
        assert read_metrics(tmp_path / "runs" / kind) == told
    config = read_config(tmp_path / "runs" / "text-to-motion")["config"]
    assert config["tokenizer"] == str(tmp_path / "runs" / "tokenizer") and config["licence"] == "free"


def test_exported_again_a_model_is_the_same_graph(bundle: Bundle, tmp_path: Path) -> None:
    tokenizer, transformer = unpack(bundle, tmp_path / "runs")
    again = assemble([tokenizer, transformer], tmp_path / "bundles" / "again", "again")
    values = {"features": random_features(52)[None]}
    (codes,) = bundle.session("tokenizer_encoder").run(None, values)
    assert np.array_equal(again.session("tokenizer_encoder").run(None, values)[0], codes)
    (made,), (wanted,) = (one.session("tokenizer_decoder").run(None, {"codes": codes}) for one in (again, bundle))
    assert np.array_equal(made, wanted)
    assert again.manifest.files == bundle.manifest.files, "their weights, byte for byte"


def test_a_training_begins_from_an_unpacked_bundle_and_goes_beside_its_models(bundle: Bundle, tmp_path: Path) -> None:
    data, _, before = toy_runs()
    tokenizer, transformer = unpack(bundle, tmp_path / "runs")
    encoder = Path(read_config(before)["config"]["text_encoder"])
    config = transformer_config(data, tokenizer, encoder, tmp_path / "mine", f"begin_from={transformer}", "steps=1", "learning_rate=1e-9")
    assert train_text_to_motion(config)["loss"] == pytest.approx(read_metrics(before)["loss"], abs=2e-2)
    shutil.copytree(bundle.folder.parent, tmp_path / "bundles")
    base = Bundle.load(tmp_path / "bundles" / bundle.folder.name)
    made = assemble([tmp_path / "mine"], tmp_path / "bundles" / "mine", "mine", base)
    assert made.manifest.graphs["tokenizer_encoder"] == base.manifest.graphs["tokenizer_encoder"]
    with pytest.raises(InputError, match="give that tokenizer run as well"):
        assemble([tmp_path / "mine"], tmp_path / "bundles" / "alone", "alone")


def test_licence_and_sources_of_a_bundle_stay_with_what_is_trained_from_it(bundle: Bundle, tmp_path: Path) -> None:
    folder = tmp_path / "research"
    shutil.copytree(bundle.folder, folder)
    shutil.copytree(bundle.text_encoder().folder, tmp_path / "text_encoder")
    source = changed(bundle.manifest.training_data[0], source="theirs", licence="CC BY-NC 4.0")
    write_manifest(changed(bundle.manifest, commercial_use=False, licence="CC BY-NC 4.0", training_data=[source]), folder)
    data, _, _ = toy_runs()
    tokenizer, _ = unpack(Bundle.load(folder), tmp_path / "runs")
    config = tokenizer_config(data, tmp_path / "mine", f"begin_from={tokenizer}", "steps=1")
    with pytest.raises(InputError, match="research data"):
        train_tokenizer(config)
    train_tokenizer(replace(config, licence="research"))
    made = assemble([tmp_path / "mine"], tmp_path / "made", "made")
    assert not made.manifest.commercial_use
    assert [row.source for row in made.manifest.training_data] == ["theirs", "toy"]


def test_a_decoder_that_learns_alone_keeps_its_codes_and_the_generator_over_it(bundle: Bundle, tmp_path: Path) -> None:
    data, _, _ = toy_runs()
    tokenizer, _ = unpack(bundle, tmp_path / "runs")
    train_tokenizer(tokenizer_config(data, tmp_path / "mine", f"begin_from={tokenizer}", "steps=2", "keep_codes=true"))
    before, after = load_tokenizer(tokenizer).model, load_tokenizer(tmp_path / "mine").model
    values = torch.from_numpy(random_features(52))[None]
    assert torch.equal(before.encode(values), after.encode(values))
    assert not torch.equal(before.decode(before.encode(values)), after.decode(after.encode(values)))
    shutil.copytree(bundle.folder.parent, tmp_path / "bundles")
    base = Bundle.load(tmp_path / "bundles" / bundle.folder.name)
    made = assemble([tmp_path / "mine"], tmp_path / "bundles" / "mine", "mine", base)
    assert made.manifest.graphs["text_to_motion_step"] == base.manifest.graphs["text_to_motion_step"]
    assert torch.equal(load_tokenizer(unpack(made, tmp_path / "again")[0]).model.encode(values), after.encode(values))
    train_tokenizer(tokenizer_config(data, tmp_path / "other", f"begin_from={tokenizer}", "steps=2"))
    with pytest.raises(InputError, match="give a run of text-to-motion as well"):
        assemble([tmp_path / "other"], tmp_path / "bundles" / "other", "other", base)


@pytest.mark.parametrize("architecture", ["film", "pfnn"])
def test_a_controller_comes_back_as_the_same_function(architecture: str, tmp_path: Path) -> None:
    config = ControllerConfig(data="d", out="o", licence="free", architecture=architecture, hidden=16, recall=0.99)
    bundle = controller_of(tmp_path / "toy", config)
    (run,) = unpack(bundle, tmp_path / "runs")
    back = load_controller(run)
    assert back.description["styles"] == list(controller_bundle.STYLES)
    compare(back.network, bundle.session("controller"), inputs_of(bundle), "unpacked")
    assert load_file(run / "sample.safetensors")["pose"].shape[1] == layout.POSE


def test_sentence_layers_come_back(tmp_path: Path) -> None:
    data, _, before = toy_runs()
    plain = Path(read_config(before)["config"]["text_encoder"])
    train_text_encoder(settings(data, plain, tmp_path / "encoder"))
    _, tokenizer, _ = toy_runs()
    train_text_to_motion(transformer_config(data, tokenizer, tmp_path / "encoder", tmp_path / "transformer"))
    bundle = assemble([tokenizer, tmp_path / "transformer"], tmp_path / "bundles" / "toy", "toy")
    assert [row.source for row in bundle.manifest.training_data] == ["toy (sentences)", "toy"]
    *_, encoder = unpack(bundle, tmp_path / "runs")
    assert sources_of([encoder]) == bundle.text_encoder().manifest.training_data == [changed(bundle.manifest.training_data[0])]
    assert trained_weights(str(encoder)) == trained_weights(str(tmp_path / "encoder")), "it stands for the weights it was made of"
    assert read_config(tmp_path / "runs" / "text-to-motion")["config"]["text_encoder"] == str(encoder)
    for one, other in zip(TextEncoder(str(encoder)).embed(SENTENCES), TextEncoder(str(tmp_path / "encoder")).embed(SENTENCES), strict=True):
        assert float(one.sentence.astype(np.float32) @ other.sentence.astype(np.float32)) > 0.995


def test_a_bundle_hears_through_an_encoder_that_kept_its_vectors(tmp_path: Path) -> None:
    data, _, before = toy_runs()
    first, plain = tmp_path / "first", Path(read_config(before)["config"]["text_encoder"])
    train_text_encoder(settings(data, plain, first))
    _, tokenizer, _ = toy_runs()
    train_text_to_motion(transformer_config(data, tokenizer, first, tmp_path / "transformer"))
    base = assemble([tokenizer, tmp_path / "transformer"], tmp_path / "bundles" / "toy", "toy")
    train_text_encoder(settings(data, plain, tmp_path / "other", f"begin_from={first}"))
    *_, unpacked = unpack(base, tmp_path / "runs")
    train_text_encoder(settings(data, plain, tmp_path / "second", f"begin_from={unpacked}", "keep_vectors=1"))
    with pytest.raises(InputError, match="nor did it keep that one's vectors"):
        assemble([tmp_path / "other"], tmp_path / "no" / "toy", "toy", base)
    with pytest.raises(InputError, match="is another text encoder"):
        assemble([tmp_path / "second"], tmp_path / "bundles" / "new", "toy", base)
    made = assemble([tmp_path / "second"], tmp_path / "new" / "toy", "toy", base)
    assert {**made.manifest.graphs} == {**base.manifest.graphs} and made.manifest.text_encoder != base.manifest.text_encoder
    assert Generator(made).bundle.text_encoder().manifest.recipe["keeps"] == [trained_weights(str(first))]
    *_, again = unpack(made, tmp_path / "again")
    assert vectors_of(str(again)) == vectors_of(str(tmp_path / "second"))
    assemble([tmp_path / "runs" / "tokenizer", tmp_path / "runs" / "text-to-motion"], tmp_path / "new" / "beside", "toy")


def test_what_cannot_be_unpacked_is_one_line(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(InputError, match="exists already"):
        unpack(bundle, tmp_path / "there")
    folder = tmp_path / "odd"
    shutil.copytree(bundle.folder, folder)
    shutil.copytree(bundle.text_encoder().folder, tmp_path / "text_encoder")
    recipe = json.loads(json.dumps(bundle.manifest.recipe))
    recipe["tokenizer"]["config"]["width"] = 64
    write_manifest(changed(bundle.manifest, recipe=recipe), folder)
    with pytest.raises(InputError, match=r"does not hold .* as it was trained"):
        unpack(Bundle.load(folder), tmp_path / "runs")
    assert not (tmp_path / "runs").exists()
    write_manifest(changed(bundle.manifest, recipe={}), folder)
    with pytest.raises(InputError, match="recipe is not one of this version"):
        unpack(Bundle.load(folder), tmp_path / "runs")
