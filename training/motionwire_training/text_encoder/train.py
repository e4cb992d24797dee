"""Train the sentence layers of the text encoder on the captions of a data set, by what they say is done and how:

motionwire-train text-encoder data=datasets/shared licence=research out=runs/text_encoder

A frozen encoder with a classifier on top leaves words that no caption holds where general likeness puts them; fine-tuned by labels it
draws them to their synonyms (as SetFit does, Tunstall et al. 2022, there by pairs). The words' own layers stay as they are.

With `begin_from` and `keep_vectors` an encoder learns new sentences while the vectors of all others stay where they are, so that a
text-to-motion model that was trained with it need not be trained again.
"""

import copy
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import gelu

from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire_training.loop import Batch, Losses, Moment, fit
from motionwire_training.run import Run, check_licence
from motionwire_training.text_encoder.captions import Captions, drawn, read_captions
from motionwire_training.text_encoder.configuration import TextEncoderConfig
from motionwire_training.text_encoder.encoder import KEEPS, SentenceLayers, TextEncoder, restore_branch, vectors_of
from motionwire_training.text_encoder.readers import Readers, reading_losses

LAYER = re.compile(r"branch\.layers\.(\d+)\.")


class Reading(nn.Module):
    """Sentences [B, 384] of unit length -> logits of contents and of styles."""

    def __init__(self, config: TextEncoderConfig, contents: int, styles: int) -> None:
        super().__init__()
        self.noise = config.noise
        self.inner = nn.Linear(layout.TEXT_DIM, config.width)
        self.readers = Readers(config.width, contents, styles)

    def forward(self, sentence: Tensor) -> tuple[Tensor, Tensor]:
        spread = sentence * layout.TEXT_DIM**0.5
        if self.training:
            spread = spread + self.noise * torch.randn_like(spread)
        return self.readers(gelu(self.inner(spread)))


class SentenceReader(nn.Module):
    """Trained: the branch and what reads it. hidden [B, L, 384], mask int64 [B, L] -> sentences [B, 384], logits of contents, of styles."""

    def __init__(self, branch: SentenceLayers, reading: Reading) -> None:
        super().__init__()
        self.branch, self.reading = branch, reading

    def forward(self, hidden: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        sentence = self.branch(hidden, mask)
        return sentence, *self.reading(sentence)


def main(config: TextEncoderConfig) -> dict[str, float]:
    """Train or resume the run of `config`; returns the validation figures of its best weights."""
    if config.begin_from:
        check_licence(config.begin_from, config)
    run = Run("text-encoder", config)
    if config.keep_vectors:
        run.tell({KEEPS: vectors_of(config.begin_from)})
    encoder = TextEncoder(config.encoder).to(run.accelerator.device)
    layers = encoder.model.encoder.layer
    if config.layers > len(layers):
        raise InputError(f"layers is {config.layers}, the encoder has {len(layers)}")
    train = read_captions(Path(config.data), "train", config.licence)
    val = read_captions(Path(config.data), "val", config.licence, like=train)
    for split, captions in (("train", train), ("val", val)):
        if not captions.sentences:
            raise InputError(f"no clip in {split} has a caption and a label{' of train' if split == 'val' else ''}", config.data)
    reading = Reading(config, len(train.contents), len(train.styles))
    model = SentenceReader(SentenceLayers(layers[-config.layers :]), reading)
    before = None
    if config.begin_from:
        restore_branch(model.branch, config.begin_from)
    if config.keep_vectors:
        before = copy.deepcopy(model.branch).to(run.accelerator.device).requires_grad_(False)
    encoder.model.encoder.layer = layers[: -config.layers]  # what lies below the branch is all that is asked of it

    def batch(captions: Captions, index: NDArray[np.intp]) -> Batch:
        ids, mask = (value.to(run.accelerator.device) for value in encoder.ids([captions.sentences[i] for i in index]))
        with torch.no_grad(), run.accelerator.autocast():
            hidden = encoder.model(input_ids=ids, attention_mask=mask).last_hidden_state
            was = {} if before is None else {"was": before(hidden, mask)}
        known = {"content": captions.content[index], "style": captions.style[index], "whole": captions.whole[index]}
        return {"hidden": hidden, "mask": mask, **was, **{name: torch.from_numpy(value).to(hidden.device) for name, value in known.items()}}

    def epoch(number: int) -> Iterator[Batch]:
        return (batch(train, index) for index in drawn(train, config.batch_size, config.seed, number))

    def losses(network: nn.Module, here: Batch, moment: Moment) -> Losses:
        sentence, *read = network(here["hidden"], here["mask"])
        found = reading_losses(tuple(read), here["content"], here["style"])
        if "was" not in here:
            return {"loss": found["label_loss"], **found}
        kept = (~here["whole"]).to(sentence.dtype)
        found["moved"] = ((1 - (sentence * here["was"]).sum(-1)) * kept).sum() / kept.sum().clamp_min(1)
        return {"loss": found["label_loss"] + config.keep_vectors * found["moved"], **found}

    @torch.no_grad()
    def validate(network: nn.Module) -> dict[str, float]:
        # Evenly over the kinds of captions, some hundreds of them: always the same.
        rows = [losses(network, batch(val, index), Moment(0, torch.zeros(()))) for index in _evenly(val, config)]
        return {name: float(torch.stack([row[name] for row in rows]).mean()) for name in rows[0] if name != "label_loss"}

    return fit(run, model, epoch, losses, validate, best="loss", part=partial(_part, config=config))


def _part(name: str, config: TextEncoderConfig) -> float:
    """Of the learning rate, by a parameter's name: lower layers know words, and keep more of that (discriminative fine-tuning, Howard
    and Ruder 2018)."""
    found = LAYER.match(name)
    return config.layer_decay ** (config.layers - 1 - int(found[1])) if found else 1.0


def _evenly(captions: Captions, config: TextEncoderConfig) -> list[NDArray[np.intp]]:
    generator = np.random.default_rng(0)
    size = min(16 * config.batch_size, len(captions.sentences))
    draws = generator.choice(len(captions.sentences), size=size, p=captions.shares)
    return np.array_split(draws, max(1, size // config.batch_size))
