"""The shared text encoder bundle: MiniLM, with its trained sentence layers where there are some, as an int8 graph with its tokenizer.json.

The float graph is verified against PyTorch as the others are; the quantised one is not equal to it, so what it lost is
measured: the cosine similarity of its sentence and token embeddings on real sentences goes into the bundle's quality.
"""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from motionwire.manifest import GraphEntry, Manifest, sha256_of
from motionwire_export.graph import Inputs, entry, write_graph
from motionwire_export.sources import sources_of
from motionwire_training.run import read_config, read_metrics
from motionwire_training.text_encoder.encoder import KEEPS, WEIGHTS, TextEncoder, trained_weights

NAME = "text_encoder"
SENTENCES = (
    "a person walks forward",
    "someone raises both hands above the head",
    "a tired man strolls slowly to the left",
    "kick!",
    "the character runs, turns right and waves goodbye happily",
    "an old woman bows politely and then walks backwards",
)


def write_text_encoder(out_dir: Path, name: str = "") -> Manifest:
    """Write the graph and tokenizer.json into `out_dir`; returns its manifest. name: as in TextEncoder."""
    encoder = TextEncoder(name)
    trained = read_config(Path(name)) if encoder.branch is not None else None
    real = _ids(encoder)
    generator = torch.Generator().manual_seed(0)
    random: Inputs = {
        "input_ids": torch.randint(0, encoder.model.config.vocab_size, (2, 11), generator=generator),
        "attention_mask": torch.ones(2, 11, dtype=torch.long),
    }
    random["attention_mask"][0, 7:] = 0
    axes = {tensor: {0: "batch", 1: "tokens"} for tensor in ("input_ids", "attention_mask", "token_embeddings")}
    path = out_dir / f"{NAME}.onnx"
    with tempfile.TemporaryDirectory() as temporary:
        exact = Path(temporary) / "float.onnx"
        written = write_graph(
            encoder, exact, [random, real], ["token_embeddings", "sentence_embedding"], axes={**axes, "sentence_embedding": {0: "batch"}}
        )
        quantize_dynamic(exact, path, weight_type=QuantType.QInt8, per_channel=True, extra_options={"DefaultTensorType": 1})
        quality = _similarity(exact, path, real)
    encoder.words.backend_tokenizer.save(str(out_dir / "tokenizer.json"))
    graph: GraphEntry = entry(path, written.inputs, written.outputs)
    return Manifest(
        format_version=1,
        name=NAME,
        version="2",
        licence="Apache-2.0",
        commercial_use=True,
        graphs={NAME: graph},
        training_data=sources_of([Path(name)]) if trained else [],
        files={"tokenizer.json": sha256_of(out_dir / "tokenizer.json")},
        quality={NAME: quality | (read_metrics(name) if trained else {})},
        recipe={
            "model": "sentence-transformers/all-MiniLM-L6-v2",
            "quantisation": "int8 weights per channel, dynamic activations",
            **(_recipe(name, trained) if trained else {}),
        },
        notice="sentence-transformers/all-MiniLM-L6-v2, Apache-2.0",
    )


def _recipe(name: str, trained: dict[str, Any]) -> dict[str, Any]:
    kept = {KEEPS: trained[KEEPS]} if KEEPS in trained else {}
    return {"captions": trained["data_version"], WEIGHTS: trained_weights(name), **kept, **trained["config"]}


def _ids(encoder: TextEncoder) -> Inputs:
    return dict(zip(("input_ids", "attention_mask"), encoder.ids(SENTENCES), strict=True))


def _similarity(exact: Path, quantised: Path, sample: Inputs) -> dict[str, float]:
    feed = {name: value.numpy() for name, value in sample.items()}
    (tokens, sentence), (int8_tokens, int8_sentence) = (
        ort.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run(None, feed) for path in (exact, quantised)
    )
    kept = feed["attention_mask"].astype(bool)
    return {
        "cosine_sentence_min": round(float(_cosine(sentence, int8_sentence).min()), 4),
        "cosine_token_mean": round(float(_cosine(tokens, int8_tokens)[kept].mean()), 4),
    }


def _cosine(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.asarray((a * b).sum(-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)))
