"""Every clip as codes, what is labelled as numbers: made once per run from its tokenizer, kept in the run's folder, written while the clips
stream by."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from rich.progress import track

from motionwire.motion import features
from motionwire_training.columns import build, read_columns, read_description
from motionwire_training.data.labels import content_label, style_label
from motionwire_training.data.shards import expected_clips, read_dataset
from motionwire_training.features import FeatureClip, held_out_keys, read_features
from motionwire_training.run import weights_digest
from motionwire_training.text_encoder.readers import number_of
from motionwire_training.text_to_motion.captions import captions, row_of
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.text_to_motion.corpus import Corpus
from motionwire_training.text_to_motion.encoding import encode_clips, places
from motionwire_training.tokenizer.model import Tokenizer

VERSION = 2  # of what is written
CLIPS_TOGETHER = 32  # encoded at a time


def corpus(config: TextToMotionConfig, split: str, tokenizer: Tokenizer, folder: Path) -> Corpus:
    """The split's corpus, read from `folder`, or made there where it is absent or of another tokenizer or data set."""
    path = folder / f"corpus-{split}"
    stamp = {
        "data_version": str(read_dataset(Path(config.data))["version"]),
        "tokenizer": weights_digest(config.tokenizer),
        "licence": config.licence,
        "shifts": config.shifts,
        "tempos": config.tempos,
        "max_positions": config.max_positions,
        "version": VERSION,
    }
    found = read_description(path) or {}
    if {name: found.get(name) for name in stamp} != stamp:
        _make(config, split, tokenizer, path, stamp)
        found = read_description(path) or {}
    told = captions(Path(config.data), config.licence, split, config.text_encoder, tokenizer.mean.device)
    return Corpus(**read_columns(path), **told, contents=found["contents"], styles=found["styles"])


def _make(config: TextToMotionConfig, split: str, tokenizer: Tokenizer, path: Path, stamp: dict[str, Any]) -> None:
    shape = {
        "codes": ("<u2", tokenizer.groups), "frames": ("<f2", features.DIM), "places": ("<f4", 6),
        "spans": ("<i8", 2), "span_end": ("<i8", 1), "told": ("<i8", 1),
        "kind": ("<i4", 1), "content": ("<i4", 1), "style": ("<i4", 1),
    }  # fmt: skip
    kinds: dict[str, int] = {}
    contents: dict[str, int] = {}
    styles: dict[str, int] = {}
    tempos = config.tempos if split == "train" else [1.0]
    with build(path, shape) as table:
        data = Path(config.data)
        clips: Iterator[tuple[int, FeatureClip]] = enumerate(
            track(read_features(data, split, config.licence), f"codes of {split}", total=expected_clips(data, split, config.licence))
        )
        if split == "val":
            kept = held_out_keys(data, config.licence)
            clips = (numbered for numbered in clips if numbered[1].labels["key"] in kept)
        while some := list(islice(clips, CLIPS_TOGETHER)):
            for motion in encode_clips(tokenizer, some, tempos, config.shifts, config.max_positions):
                for frames, codes in motion.spans:
                    table.append("spans", (table.rows["codes"], len(codes))).append("codes", codes)
                    table.append("frames", frames[:: tokenizer.stride]).append("places", places(frames, tokenizer.stride))
                table.append("span_end", table.rows["spans"]).append("told", row_of(motion.number, motion.mirrored))
                table.append("kind", kinds.setdefault(motion.clip.kind, len(kinds)))
                table.append("content", number_of(content_label(motion.clip.labels, motion.mirrored), contents))
                table.append("style", number_of(style_label(str(motion.clip.labels.get("style") or "")), styles))
        table.description = {**stamp, "contents": list(contents), "styles": list(styles)}
