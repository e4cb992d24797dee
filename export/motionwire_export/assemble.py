"""A bundle from training runs: graphs, bundle.json, checked as a whole, then renamed into place."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

import motionwire
from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.manifest import (
    FORMAT_VERSION,
    Manifest,
    SkeletonSpec,
    TextEncoderReference,
    check_name,
    sha256_of,
)
from motionwire.motion.skeleton import REFERENCE
from motionwire_export import export_controller, export_text_encoder, export_text_to_motion, export_tokenizer
from motionwire_export.base import is_of, joined, kept_from
from motionwire_export.graph import Exported
from motionwire_export.licences import licence_of
from motionwire_export.sources import sources_of
from motionwire_training.controller.load import load_controller
from motionwire_training.features import read_features
from motionwire_training.folders import built
from motionwire_training.run import read_config, read_metrics
from motionwire_training.text_encoder.encoder import KEEPS, WEIGHTS, trained_weights
from motionwire_training.text_to_motion.learned_from import LEARNED_FROM, check_unchanged
from motionwire_training.tokenizer.load import load_tokenizer

EXPORTERS: dict[str, Callable[[Path, Path], Exported]] = {
    "tokenizer": export_tokenizer.export,
    "text-to-motion": export_text_to_motion.export,
    "controller": export_controller.export,
}
TEXT_ENCODER = "text-encoder"  # the kind of run of which no graph lies in the bundle itself
KINDS = (*EXPORTERS, TEXT_ENCODER)
OF_RUN = ("kind", LEARNED_FROM)  # in config.json: what tells of run folders, of which a bundle knows none
NOTICE = "The CMU motions were obtained from mocap.cs.cmu.edu; that database was created with funding from NSF EIA-0196217."
SUGGESTIONS = 16
SUGGESTED_FROM = 5  # clips that a content needs before its sentence is suggested


def assemble(runs: Sequence[Path], out: Path, name: str, base: Bundle | None = None, licence: str = "") -> Bundle:
    """Export `runs` (at most one of each kind) into the bundle folder `out`; the shared text encoder goes beside it, that of a run among
    them or the one that text-to-motion was trained with. What no run gives is kept from `base`, which may be what stands in `out` now.
    licence: of the sources that are not the project's, in place of what each of them says.

    Raises InputError for runs that do not fit together, ExportError when a graph differs from PyTorch; `out` then stays as it was.
    """
    check_name(name, "--name")
    _check_place(out)
    by_kind = _by_kind(runs)
    encoder = by_kind.pop(TEXT_ENCODER, None)
    configs = {kind: read_config(run) for kind, run in by_kind.items()}
    free = all(found["config"]["licence"] == "free" for found in configs.values())  # of motion: sentences are our own
    kept = [] if base is None else kept_from(base, {kind: found["config"] for kind, found in configs.items()}, out, encoder is not None)
    if name == "free" and base is not None and not base.manifest.commercial_use:
        raise InputError("a bundle called free may not be made on one that is not", base.folder)
    if name == "free" and not free:
        raise InputError("a bundle called free may only hold runs with licence=free", out)
    _check_learned_from(by_kind, configs, base, new_encoder=encoder is None and not (out.parent / export_text_encoder.NAME).exists())
    with built(out) as temporary:
        exported = {kind: EXPORTERS[kind](run, temporary) for kind, run in by_kind.items()}
        graphs = {Path(entry.file).stem: entry for made in exported.values() for entry in made.graphs}
        files = {path.name: sha256_of(path) for path in sorted(temporary.iterdir()) if path.suffix == ".weights"}
        sources = sources_of([*by_kind.values(), *([encoder] if encoder else [])])
        manifest = Manifest(
            format_version=FORMAT_VERSION,
            name=name,
            version=motionwire.__version__,
            licence=licence_of(sources, free, licence),
            commercial_use=free,
            graphs=graphs,
            training_data=sources,
            skeleton=SkeletonSpec(
                list(REFERENCE.names), list(REFERENCE.parents), [(float(x), float(y), float(z)) for x, y, z in REFERENCE.offsets]
            ),
            fps={"controller": 60, "generator": 30},
            quality={kind: {**read_metrics(run), **_as_exported(exported[kind])} for kind, run in by_kind.items()},
            recipe={kind: {key: value for key, value in found.items() if key not in OF_RUN} for kind, found in configs.items()},
            styles=_styles(by_kind),
            codebook=_codebook(by_kind),
            suggestions=_suggestions(configs),
            sampling=_sampling(configs),
            files=files,
            text_encoder=_text_encoder(out.parent, encoder, configs, base),
            notice=NOTICE if any(row.source.startswith("cmu") for row in sources) else "",
        )
        if base is not None:
            manifest = joined(manifest, base, kept, temporary)
        write_manifest(manifest, temporary)
        _check_whole(temporary)
    return Bundle.load(out)


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """bundle.json, indented: people read it."""
    (folder / "bundle.json").write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")


def _check_place(out: Path) -> None:
    """Refuse to put a bundle where something else is: what stands there is deleted."""
    if out.exists() and not (out / "bundle.json").is_file() and not (out.is_dir() and next(out.iterdir(), None) is None):
        raise InputError("exists and is not a bundle; give another --out", out)


def _by_kind(runs: Sequence[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for run in runs:
        config = read_config(run)
        kind = config["kind"]
        if not {"data", "licence"} <= config["config"].keys():
            raise InputError("config.json does not tell data and licence", run)
        if kind not in KINDS:
            raise InputError(f"is a run of {kind!r}; known are {', '.join(KINDS)}", run)
        if kind in found:
            raise InputError(f"is a second run of {kind}, after {found[kind]}", run)
        found[kind] = run
    return {kind: found[kind] for kind in KINDS if kind in found}


def _check_learned_from(by_kind: dict[str, Path], configs: dict[str, dict[str, Any]], base: Bundle | None, *, new_encoder: bool) -> None:
    """Text-to-motion goes with the tokenizer that it learned from: its run, or the base where that run was unpacked from it; new_encoder:
    and with its text encoder, which is not there yet."""
    if "text-to-motion" not in by_kind:
        return
    learned = Path(configs["text-to-motion"]["config"]["tokenizer"])
    given = by_kind.get("tokenizer")
    fits = is_of(learned, base) if given is None else given.resolve() == learned.resolve()
    if not fits:
        raise InputError(f"speaks the codes of {learned}: give that tokenizer run as well", by_kind["text-to-motion"])
    names = ("tokenizer", "text_encoder") if new_encoder else ("tokenizer",)
    check_unchanged(by_kind["text-to-motion"], configs["text-to-motion"], *names)


def _as_exported(made: Exported) -> dict[str, float]:
    """The figures of the graphs, beside those of the trained weights that they fall short of or not."""
    return {f"exported_{name}": round(float(value), 4) for name, value in made.quality.items()}


def _styles(by_kind: dict[str, Path]) -> list[str]:
    return list(load_controller(by_kind["controller"]).description["styles"]) if "controller" in by_kind else []


def _codebook(by_kind: dict[str, Path]) -> dict[str, Any]:
    if "tokenizer" not in by_kind:
        return {}
    config = load_tokenizer(by_kind["tokenizer"]).config
    levels = config.levels if config.quantizer == "fsq" else []  # learned codes have no digits
    return {"levels": levels, "groups": config.groups, "codes": config.codes, "bits": round(config.bits, 2)}


def _sampling(configs: dict[str, dict[str, Any]]) -> dict[str, float]:
    told = configs.get("text-to-motion", {}).get("config", {})
    return {name: told[name] for name in ("guidance", "temperature") if name in told}


def _suggestions(configs: dict[str, dict[str, Any]]) -> list[str]:
    """For each content of which text-to-motion saw several clips the shortest of its sentences, the commonest contents first."""
    if "text-to-motion" not in configs:
        return []
    config = configs["text-to-motion"]["config"]
    counts: Counter[str] = Counter()
    sentences: dict[str, str] = {}
    for clip in read_features(Path(config["data"]), "train", config["licence"]):
        content = str(clip.labels.get("content") or clip.labels.get("description") or "")
        counts[content] += 1
        for sentence in clip.labels.get("captions", [])[:1]:
            sentences[content] = min(sentences.get(content, sentence), sentence, key=len)
    common = [content for content, count in counts.most_common() if content in sentences and count >= SUGGESTED_FROM]
    return list(dict.fromkeys(sentences[content] for content in common))[:SUGGESTIONS]


def _text_encoder(folder: Path, run: Path | None, configs: dict[str, dict[str, Any]], base: Bundle | None) -> TextEncoderReference | None:
    """The shared text encoder beside the bundle, written when it is not there yet; None: what `base` says of it stays."""
    trained_with = configs["text-to-motion"]["config"]["text_encoder"] if "text-to-motion" in configs else None
    if trained_with is None and run is None:
        return None
    place, name = folder / export_text_encoder.NAME, str(run or trained_with)
    if not place.exists():
        with built(place) as temporary:
            write_manifest(export_text_encoder.write_text_encoder(temporary, name), temporary)
            Bundle.load(temporary)
    recipe = Bundle.load(place).manifest.recipe
    if run is not None and recipe.get(WEIGHTS, "") != trained_weights(name):
        raise InputError(f"is another text encoder than {run}: put the bundle elsewhere, or away with this one", place)
    if trained_with is not None:
        learned = configs["text-to-motion"].get(LEARNED_FROM, {}).get("text_encoder", trained_weights(trained_with))
    elif base is not None and base.manifest.text_encoder is not None:
        learned = base.text_encoder().manifest.recipe.get(WEIGHTS, "")
    else:
        raise InputError("no text-to-motion of this bundle would hear through it", run)
    if learned not in (recipe.get(WEIGHTS, ""), *recipe.get(KEEPS, [])):
        raise InputError("is not the text encoder that text-to-motion was trained with, nor did it keep that one's vectors", run or place)
    return TextEncoderReference(place.name, sha256_of(place / "bundle.json"))


def _check_whole(folder: Path) -> None:
    """Load the bundle as the runtime will, open every graph, and act one sentence where it can."""
    bundle = Bundle.load(folder)
    for graph in bundle.manifest.graphs:
        bundle.session(graph)
    if bundle.manifest.text_encoder is not None:
        from motionwire.generator.generator import Generator  # noqa: PLC0415

        for _ in Generator(bundle).stream(export_text_to_motion.SENTENCE, seconds=1.0):
            pass
