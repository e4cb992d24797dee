"""Every clip as codes, every caption as embeddings, what is labelled as numbers: made once per run from its tokenizer, kept in the run's
folder, written while the clips stream by."""

import hashlib
from collections import OrderedDict
from itertools import islice
from pathlib import Path
from typing import Any

from rich.progress import track

from motionwire.generator import layout
from motionwire.motion import features
from motionwire_training.columns import ColumnWriter, build, read_columns, read_description
from motionwire_training.data.labels import content_label, style_label
from motionwire_training.data.shards import read_dataset
from motionwire_training.data.sides import mirrored_captions
from motionwire_training.features import read_features
from motionwire_training.text_encoder.encoder import TextEncoder, trained_weights
from motionwire_training.text_encoder.readers import number_of
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.text_to_motion.corpus import Corpus
from motionwire_training.text_to_motion.encoding import encode_clips, places
from motionwire_training.tokenizer.model import Tokenizer

REMEMBERED = 200_000  # sentences whose embedding is found again; older ones are embedded anew
TOGETHER = 2048  # sentences embedded at a time, sorted by length
CLIPS_TOGETHER = 32  # encoded at a time


def corpus(config: TextToMotionConfig, split: str, tokenizer: Tokenizer, folder: Path) -> Corpus:
    """The split's corpus, read from `folder`, or made there where it is absent or of another tokenizer or data set."""
    path = folder / f"corpus-{split}"
    stamp = {
        "data_version": str(read_dataset(Path(config.data))["version"]),
        "tokenizer": hashlib.sha256((Path(config.tokenizer) / "best.safetensors").read_bytes()).hexdigest(),
        "licence": config.licence,
        "shifts": config.shifts,
        "tempos": config.tempos,
        "max_positions": config.max_positions,
        "text_encoder": config.text_encoder,
        "sentence_layers": trained_weights(config.text_encoder),
        "labels": ["content", "style"],
    }
    found = read_description(path) or {}
    if {name: found.get(name) for name in stamp} != stamp:
        _make(config, split, tokenizer, path, stamp)
        found = read_description(path) or {}
    return Corpus(**read_columns(path), contents=found["contents"], styles=found["styles"])


def _make(config: TextToMotionConfig, split: str, tokenizer: Tokenizer, path: Path, stamp: dict[str, Any]) -> None:
    shape = {
        "codes": ("<u2", tokenizer.groups), "frames": ("<f2", features.DIM), "places": ("<f4", 6),
        "spans": ("<i8", 2), "span_end": ("<i8", 1), "captions": ("<i8", 1),
        "caption_end": ("<i8", 1), "words": ("<f2", layout.TEXT_DIM), "word_end": ("<i8", 1), "sentences": ("<f2", layout.TEXT_DIM),
        "kind": ("<i4", 1), "content": ("<i4", 1), "style": ("<i4", 1),
    }  # fmt: skip
    kinds: dict[str, int] = {}
    contents: dict[str, int] = {}
    styles: dict[str, int] = {}
    tempos = config.tempos if split == "train" else [1.0]
    with build(path, shape) as table:
        sentences = _Sentences(config.text_encoder, table)
        clips = track(read_features(Path(config.data), split, config.licence), description=f"codes of {split}")
        while some := list(islice(clips, CLIPS_TOGETHER)):
            for motion in encode_clips(tokenizer, some, tempos, config.shifts, config.max_positions):
                for frames, codes in motion.spans:
                    table.append("spans", (table.rows["codes"], len(codes))).append("codes", codes)
                    table.append("frames", frames[:: tokenizer.stride]).append("places", places(frames, tokenizer.stride))
                texts = motion.clip.labels.get("captions", [])
                texts = mirrored_captions(texts) if motion.mirrored else texts
                table.append("captions", [sentences.index(text) for text in texts])
                table.append("span_end", table.rows["spans"]).append("caption_end", table.rows["captions"])
                table.append("kind", kinds.setdefault(motion.clip.kind, len(kinds)))
                table.append("content", number_of(content_label(motion.clip.labels, motion.mirrored), contents))
                table.append("style", number_of(style_label(str(motion.clip.labels.get("style") or "")), styles))
        sentences.flush()
        table.description = {**stamp, "contents": list(contents), "styles": list(styles)}


class _Sentences:
    """Numbers sentences and appends their embeddings to the table, some thousand at a time."""

    def __init__(self, text_encoder: str, table: ColumnWriter) -> None:
        self._text_encoder, self._table = text_encoder, table
        self._encoder: TextEncoder | None = None
        self._known: OrderedDict[str, int] = OrderedDict()
        self._waiting: list[str] = []

    def index(self, sentence: str) -> int:
        """The sentence's row in the caption table."""
        if sentence not in self._known:
            self._known[sentence] = self._table.rows["word_end"] + len(self._waiting)
            self._waiting.append(sentence)
        found = self._known[sentence]
        self._known.move_to_end(sentence)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        if len(self._waiting) == TOGETHER:
            self.flush()
        return found

    def flush(self) -> None:
        """Embed what waits."""
        if self._waiting:
            self._encoder = self._encoder or TextEncoder(self._text_encoder)
            for words, sentence in self._encoder.embed(self._waiting):
                self._table.append("words", words).append("word_end", self._table.rows["words"]).append("sentences", sentence)
            self._waiting.clear()
