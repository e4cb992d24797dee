"""A bundle made on another: runs give some of its models, the base keeps the rest (a new controller beside an old generator)."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.manifest import Manifest
from motionwire_export.licences import joined_licence
from motionwire_export.sources import merged
from motionwire_training.run import read_config

KINDS = {"tokenizer": "tokenizer_", "text-to-motion": "text_to_motion_", "controller": "controller"}  # and how their graphs' names begin


def is_of(run: str | Path, base: Bundle | None) -> bool:
    """Whether a run was unpacked from this bundle, as far as its own model goes."""
    files = {entry.file: entry.sha256 for entry in base.manifest.graphs.values()} if base is not None else {}
    unpacked = read_config(run).get("unpacked", {})
    return bool(unpacked) and unpacked.items() <= files.items()


def kinds_of(bundle: Bundle) -> list[str]:
    """The kinds of models that a bundle holds."""
    return [kind for kind, prefix in KINDS.items() if any(name.startswith(prefix) for name in bundle.manifest.graphs)]


def kept_from(base: Bundle, given: Mapping[str, dict[str, Any]], out: Path, new_encoder: bool) -> list[str]:
    """Kinds of models that a bundle at `out` takes from `base` beside those `given`, with the settings of their runs; new_encoder: it gets
    another text encoder. Raises InputError where they do not fit together."""
    kept = [kind for kind in kinds_of(base) if kind not in given]
    new = given.get("tokenizer")
    if new is not None and "text-to-motion" in kept and not (new.get("keep_codes") and is_of(new["begin_from"], base)):
        raise InputError("its text-to-motion speaks the codes of its own tokenizer: give a run of text-to-motion as well", base.folder)
    text = base.manifest.text_encoder
    if "text-to-motion" in kept and text is not None and not new_encoder and base.folder.resolve().parent != out.resolve().parent:
        raise InputError("its text encoder lies beside it: put the new bundle beside it too", base.folder)
    return kept


def joined(made: Manifest, base: Bundle, kept: list[str], folder: Path) -> Manifest:
    """`made` and what is kept of the base, whose files are copied into `folder`. Its licence is that of both."""
    old = base.manifest
    prefixes = tuple(KINDS[kind] for kind in kept)
    graphs = {name: entry for name, entry in old.graphs.items() if name.startswith(prefixes)}
    weights = {f"{prefix.rstrip('_')}.weights" for prefix in prefixes}
    files = {name: digest for name, digest in old.files.items() if name in weights}
    for name in (*(entry.file for entry in graphs.values()), *files):
        shutil.copyfile(base.folder / name, folder / name)
    with_text = "text-to-motion" in kept
    return replace(
        made,
        licence=joined_licence(made.licence, old.licence, old.commercial_use),
        commercial_use=made.commercial_use and old.commercial_use,
        graphs={**graphs, **made.graphs},
        files={**files, **made.files},
        training_data=merged((*old.training_data, *made.training_data)),
        quality={**{kind: old.quality[kind] for kind in kept if kind in old.quality}, **made.quality},
        recipe={**{kind: old.recipe[kind] for kind in kept if kind in old.recipe}, **made.recipe},
        styles=old.styles if "controller" in kept else made.styles,
        codebook=old.codebook if "tokenizer" in kept else made.codebook,
        suggestions=old.suggestions if with_text else made.suggestions,
        sampling=old.sampling if with_text else made.sampling,
        text_encoder=made.text_encoder or old.text_encoder if with_text else made.text_encoder,
        notice=made.notice or old.notice,
    )
