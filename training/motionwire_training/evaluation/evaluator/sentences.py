"""Sentence embeddings of MiniLM: the mean of its token embeddings at unit length."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from motionwire.generator import layout
from motionwire_training.text_encoder.encoder import TextEncoder

BATCH = 64


@torch.no_grad()
def sentence_vectors(encoder: TextEncoder, sentences: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors float32 [N, 384], embedded in batches of sentences of like length."""
    out = np.zeros((len(sentences), layout.TEXT_DIM), np.float32)
    order = sorted(range(len(sentences)), key=lambda index: len(sentences[index]))
    for at in range(0, len(order), BATCH):
        part = order[at : at + BATCH]
        out[part] = encoder(*encoder.ids([sentences[index] for index in part]))[1].numpy()
    return out
