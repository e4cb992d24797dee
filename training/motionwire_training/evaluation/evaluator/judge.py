"""The trained evaluator, as the measures use it."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire_training.evaluation.controller.joint_ranges import JointRanges
from motionwire_training.evaluation.evaluator.configuration import EvaluatorConfig
from motionwire_training.evaluation.evaluator.data import collate
from motionwire_training.evaluation.evaluator.networks import Evaluator
from motionwire_training.evaluation.evaluator.ranges import ranges_of
from motionwire_training.evaluation.evaluator.sentences import sentence_vectors
from motionwire_training.run import read_config, read_settings, restore_weights
from motionwire_training.text_encoder.encoder import TextEncoder

TRAINED = Path(__file__).parent / "trained"  # comes with the package
BATCH = 64
Features = Sequence[NDArray[np.float32]]


class Judge:
    """Opened once. `ranges`: of the joints in its training clips."""

    ranges: JointRanges

    def __init__(self, folder: Path = TRAINED) -> None:
        self._config = read_settings(folder, EvaluatorConfig)
        self.data_version = str(read_config(folder)["data_version"])
        try:
            names = msgspec.json.decode((folder / "names.json").read_bytes(), type=dict[str, list[str]])
            self._model = Evaluator(self._config, names["contents"], names["styles"])
        except (OSError, KeyError, msgspec.DecodeError):
            raise InputError("no names.json of an evaluator: not the folder of such a run", folder) from None
        restore_weights(self._model, folder)
        self._model.eval().requires_grad_(False)
        self._encoder = TextEncoder(self._config.text_encoder)
        self._known: dict[str, NDArray[np.float32]] = {}
        self.ranges = ranges_of(self._model)

    @property
    def contents(self) -> list[str]:
        """The contents that it can name."""
        return self._model.contents

    @property
    def styles(self) -> list[str]:
        """The styles that it can name."""
        return self._model.styles

    def vectors(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """MiniLM's embeddings [N, 384] of sentences."""
        new = list(dict.fromkeys(text for text in sentences if text not in self._known))
        self._known |= dict(zip(new, sentence_vectors(self._encoder, new), strict=True))
        return np.stack([self._known[text] for text in sentences])

    @torch.no_grad()
    def sentences(self, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Sentences in the shared space, unit vectors [N, D]."""
        return self._model.embed_sentence(torch.from_numpy(self.vectors(sentences))).double().numpy()

    @torch.no_grad()
    def motions(self, clips: Features) -> NDArray[np.float64]:
        """Clips, each features [T, 276], in the shared space, unit vectors [N, D]."""
        rows = [self._model.embed_motion(*self._batch(clips, at)) for at in range(0, len(clips), BATCH)]
        return torch.cat(rows).double().numpy()

    @torch.no_grad()
    def names(self, clips: Features) -> tuple[list[str], list[str]]:
        """Content and style of clips; "" where it knows no name."""
        rows = [self._model.name(*self._batch(clips, at)) for at in range(0, len(clips), BATCH)]
        logits = [torch.cat(part) for part in zip(*rows, strict=True)]
        contents, styles = (
            [names[index] for index in found.argmax(1)] if names else [""] * len(clips)
            for names, found in zip((self.contents, self.styles), logits, strict=True)
        )
        return contents, styles

    def _batch(self, clips: Features, at: int) -> tuple[torch.Tensor, torch.Tensor]:
        batch = collate(list(clips[at : at + BATCH]), self._config.frames)
        return batch["features"], batch["valid"]
