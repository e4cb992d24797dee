"""`motionwire-unpack BUNDLE --out DIR`: a finished bundle back into run folders, for trainings that begin from its weights.

motionwire-unpack research --out runs/research
motionwire-train text-to-motion data=datasets/mine licence=research tokenizer=runs/research/tokenizer \
    text_encoder=runs/research/text_encoder begin_from=runs/research/text-to-motion out=runs/mine

The runs have weights, recipe, licence and figures; what a training needs to be resumed they lack. Weights of 8 bits come back on
their grid: exported again they give the same graph.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import msgspec
from safetensors.torch import save_file
from torch import Tensor, nn

from motionwire.bundle import Bundle
from motionwire.controller.network import METADATA
from motionwire.errors import InputError
from motionwire_export.base import KINDS, kinds_of
from motionwire_export.controller_inputs import inputs_of
from motionwire_export.graph import compare
from motionwire_export.stored import read_weights
from motionwire_export.unfolding import unfolded
from motionwire_training.configuration import Config
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.load import stored
from motionwire_training.folders import built
from motionwire_training.run import write_json
from motionwire_training.text_encoder.configuration import TextEncoderConfig
from motionwire_training.text_encoder.encoder import KEEPS, WEIGHTS, SentenceLayers, TextEncoder
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.text_to_motion.labels import names_of
from motionwire_training.text_to_motion.model import TextToMotion
from motionwire_training.tokenizer.configuration import TokenizerConfig
from motionwire_training.tokenizer.model import Tokenizer

TEXT_ENCODER = "text_encoder"


def unpack(bundle: Bundle, out: Path) -> list[Path]:
    """Run folders in `out`, one for each model of the bundle, named by its kind, and one for its text encoder where that was trained.

    Raises InputError where `out` is there or a graph is not of this version's form; nothing is left then.
    """
    if out.exists():
        raise InputError("exists already; give another --out", out)
    kinds = kinds_of(bundle)
    if not kinds:
        raise InputError("has no model to unpack", bundle.folder)
    trained = _trained_encoder(bundle)
    with built(out) as temporary:
        for kind in kinds:
            UNPACKERS[kind](bundle, temporary / kind, out)
        if trained is not None:
            _text_encoder(trained, temporary / TEXT_ENCODER, out)
    return [out / name for name in (*kinds, *([TEXT_ENCODER] if trained else []))]


def _trained_encoder(bundle: Bundle) -> Bundle | None:
    """The bundle's text encoder where its sentence layers were trained."""
    encoder = bundle.text_encoder() if bundle.manifest.text_encoder is not None else None
    return encoder if encoder is not None and encoder.manifest.recipe.get(WEIGHTS) else None


def _tokenizer(bundle: Bundle, folder: Path, out: Path) -> None:
    model = Tokenizer(_config(bundle, "tokenizer", TokenizerConfig))
    weights = read_weights(_graphs(bundle, "tokenizer_encoder", "tokenizer_decoder"), model.state_dict())
    _write(bundle, "tokenizer", folder, out, weights)


def _text_to_motion(bundle: Bundle, folder: Path, out: Path) -> None:
    vectors = Tokenizer(_config(bundle, "tokenizer", TokenizerConfig)).quantizer.vectors  # of which the shape counts: the graph holds them
    names = names_of(bundle.manifest.recipe["text-to-motion"], bundle.folder / "bundle.json")
    model = TextToMotion(_config(bundle, "text-to-motion", TextToMotionConfig), vectors, **names)
    weights = read_weights(_graphs(bundle, "text_to_motion_prefill", "text_to_motion_codes"), model.state_dict())
    places = {"tokenizer": str(out / "tokenizer")}
    if _trained_encoder(bundle) is not None:
        places["text_encoder"] = str(out / TEXT_ENCODER)
    _write(bundle, "text-to-motion", folder, out, weights, places)


def _controller(bundle: Bundle, folder: Path, out: Path) -> None:
    config = _config(bundle, "controller", ControllerConfig)
    (path,) = _graphs(bundle, "controller")
    network, real = unfolded(path, config, len(bundle.manifest.styles)), inputs_of(bundle)
    session = bundle.session("controller")
    compare(network, session, real, f"{bundle.name}: the controller read back")
    _write(bundle, "controller", folder, out, stored(network).state_dict())
    write_json(folder / "model.json", json.loads(session.get_modelmeta().custom_metadata_map[METADATA]))
    save_file(real, folder / "sample.safetensors")


UNPACKERS: dict[str, Callable[[Bundle, Path, Path], None]] = {
    "tokenizer": _tokenizer,
    "text-to-motion": _text_to_motion,
    "controller": _controller,
}


def _text_encoder(shared: Bundle, folder: Path, out: Path) -> None:
    recipe = shared.manifest.recipe
    config = replace(_settings(recipe, TextEncoderConfig, shared), out=str(out / TEXT_ENCODER))
    layers = TextEncoder(config.encoder).model.encoder.layer[-config.layers :]
    weights = read_weights(_graphs(shared, "text_encoder"), nn.ModuleDict({"branch": SentenceLayers(layers)}).state_dict())
    folder.mkdir()
    found = {
        "kind": "text-encoder",
        "config": asdict(config),
        "data_version": recipe["captions"],
        WEIGHTS: recipe[WEIGHTS],
        **({KEEPS: recipe[KEEPS]} if KEEPS in recipe else {}),
        "training_data": _sources(shared),
    }
    _write_run(folder, found, weights, shared.manifest.quality.get("text_encoder", {}))


def _graphs(bundle: Bundle, *names: str) -> list[Path]:
    return [bundle.folder / bundle.graph(name).file for name in names]


def _config(bundle: Bundle, kind: str, schema: type[Config]) -> Config:
    found = bundle.manifest.recipe.get(kind)
    return _settings(found.get("config") if isinstance(found, dict) else None, schema, bundle)


def _settings(found: object, schema: type[Config], bundle: Bundle) -> Config:
    try:
        return msgspec.convert(found, schema)
    except msgspec.ValidationError as error:
        raise InputError(f"its recipe is not one of this version ({error})", bundle.folder / "bundle.json") from None


def _write(
    bundle: Bundle, kind: str, folder: Path, out: Path, weights: Mapping[str, Tensor], places: Mapping[str, str] | None = None
) -> None:
    """A run folder of one model; places: settings that name other runs."""
    manifest = bundle.manifest
    licence = "free" if manifest.commercial_use else "research"
    recipe = manifest.recipe[kind]
    settings = {**recipe["config"], "out": str(out / kind), "licence": licence, **(places or {})}
    whole = {"begin_from": "", "keep_codes": False}  # it stands by itself now
    settings |= {name: value for name, value in whole.items() if name in settings}
    found = {
        **recipe,
        "kind": kind,
        "config": settings,
        "unpacked": {entry.file: entry.sha256 for name, entry in manifest.graphs.items() if name.startswith(KINDS[kind])},
        "training_data": _sources(bundle),
    }
    figures = {name: value for name, value in manifest.quality.get(kind, {}).items() if not name.startswith("exported_")}
    folder.mkdir()
    _write_run(folder, found, weights, figures)


def _sources(bundle: Bundle) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(row) for row in bundle.manifest.training_data]


def _write_run(folder: Path, config: dict[str, Any], weights: Mapping[str, Tensor], figures: Mapping[str, Any]) -> None:
    write_json(folder / "config.json", config)
    write_json(folder / "metrics.json", dict(figures))
    save_file({name: value.contiguous() for name, value in weights.items()}, folder / "best.safetensors", metadata={"state": "{}"})
