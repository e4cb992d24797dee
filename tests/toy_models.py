"""A tiny line of trained models: data set of synthetic walks, tokenizer, text-to-motion, bundle; made once per test process.

The text encoder is a one-layer BERT with random weights and a dozen words, so nothing is downloaded.
"""

import io
import json
import tarfile
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from motionwire_training.configuration import load_config
from motionwire_training.data.sample import Sample, to_members
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.tokenizer.configuration import TokenizerConfig
from synthetic import walking_clip

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "person", "walks", "turns", "left", "right", "quickly", "slowly")
TINY_TOKENIZER = ("steps=6", "batch_size=4", "width=32", "refine_width=16", "encoder_blocks=2", "decoder_blocks=2", "shuffle=16")
TINY_TRANSFORMER = ("steps=4", "batch_size=4", "width=32", "layers=2", "heads=2", "validate_every=4", "bf16=false")


def write_dataset(folder: Path, clips: int = 8, licence_class: str = "free") -> Path:
    """A data set as `motionwire-train import` writes it: walks that turn left or right; returns its folder."""
    (folder / "shards").mkdir(parents=True)
    for split, count in (("train", clips), ("val", 2)):
        with tarfile.open(folder / "shards" / f"{split}-00000.tar", "w") as tar:
            for number in range(count):
                side = "left" if number % 2 == (split == "train") else "right"  # val begins with what is train's second label
                clip = walking_clip(2.0 + 0.4 * number, 30.0, speed=0.8 + 0.1 * number, turn=0.4 if side == "left" else -0.4)
                labels = {
                    "key": f"{split}_{number}", "source": "toy", "subject": "s", "licence": "MIT", "licence_class": licence_class,
                    "content": f"turn-{side}", "style": "", "description": "", "captions": [f"a person walks and turns {side}"],
                    "split": split, "fps": 30.0, "frames": len(clip), "mirror_ok": True,
                }  # fmt: skip
                for suffix, content in to_members(Sample(clip, labels)).items():
                    member = tarfile.TarInfo(f"{labels['key']}.{suffix}")
                    member.size = len(content)
                    tar.addfile(member, io.BytesIO(content))
    licences = [{"source": "toy", "licence": "MIT", "licence_class": licence_class, "clips": clips + 2}]
    (folder / "dataset.json").write_text(json.dumps({"version": "toy", "licences": licences}))
    return folder


def write_text_encoder(folder: Path, layers: int = 1) -> Path:
    """A BERT of width 384 with random weights, in the files that transformers reads."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: PLC0415
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast, set_seed  # noqa: PLC0415

    set_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=384,
        num_hidden_layers=layers,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    words = Tokenizer(models.WordLevel({word: index for index, word in enumerate(WORDS)}, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    PreTrainedTokenizerFast(tokenizer_object=words, pad_token="[PAD]", unk_token="[UNK]").save_pretrained(folder)
    return folder


def tokenizer_config(data: Path, out: Path, *words: str) -> TokenizerConfig:
    return load_config(
        "tokenizer", TokenizerConfig, [f"data={data}", f"out={out}", "licence=free", "bf16=false", "threads=1", *TINY_TOKENIZER, *words]
    )


def transformer_config(data: Path, tokenizer: Path, encoder: Path, out: Path, *words: str) -> TextToMotionConfig:
    given = [f"data={data}", f"tokenizer={tokenizer}", f"text_encoder={encoder}", f"out={out}", "licence=free", "threads=1"]
    return load_config("text_to_motion", TextToMotionConfig, [*given, *TINY_TRANSFORMER, *words])


@cache
def toy_runs() -> tuple[Path, Path, Path]:
    """Data set, tokenizer run and text-to-motion run."""
    from motionwire_training.text_to_motion import train as transformer  # noqa: PLC0415
    from motionwire_training.tokenizer import train as tokenizer  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="toy_models"))
    data, encoder = write_dataset(folder / "data"), write_text_encoder(folder / "encoder")
    tokenizer.main(tokenizer_config(data, folder / "tokenizer"))
    transformer.main(transformer_config(data, folder / "tokenizer", encoder, folder / "text_to_motion"))
    return data, folder / "tokenizer", folder / "text_to_motion"


@cache
def toy_bundle() -> Path:
    """Folder of a verified bundle of the toy runs."""
    from motionwire_export.assemble import assemble  # noqa: PLC0415

    _, tokenizer, transformer = toy_runs()
    out = tokenizer.parent / "bundles" / "toy"
    assemble([tokenizer, transformer], out, "toy")
    return out


def random_features(frames: int, seed: int = 0) -> np.ndarray:
    """Features [frames, 276] of a walk with noise."""
    from motionwire.motion import features  # noqa: PLC0415

    walk = features.encode(walking_clip(frames / 30))
    return (walk + np.random.default_rng(seed).normal(scale=0.02, size=walk.shape)).astype(np.float32)
