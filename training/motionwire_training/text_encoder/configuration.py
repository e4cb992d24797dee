"""Settings of the sentence layers' training."""

from dataclasses import dataclass

from motionwire.errors import InputError
from motionwire_training.configuration import TrainingConfig


@dataclass
class TextEncoderConfig(TrainingConfig):
    """Which encoder, and how much of it learns."""

    begin_from: str = ""  # run folder whose best weights the training begins with (fine-tuning); empty: from MiniLM's
    keep_vectors: float = 0.0  # weight of how far sentences put together of words move from begin_from's vectors (1 - cosine)
    encoder: str = ""  # folder or hub name of MiniLM; empty: the installed package, else the hub
    layers: int = 6  # so many of its last layers are trained, as a branch beside those of the words
    layer_decay: float = 0.8  # of the learning rate, from each of them to the one below
    width: int = 256  # of the vector that contents and styles are read from
    noise: float = 0.4  # added to that vector's input, over its spread

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.layers < 1:
            raise InputError(f"layers must be at least 1, not {self.layers}")
        if not 0 < self.layer_decay <= 1:
            raise InputError(f"layer_decay must be above 0 and at most 1, not {self.layer_decay}")
        if self.width < 1:
            raise InputError(f"width must be at least 1, not {self.width}")
        if not 0 <= self.keep_vectors <= 1000:
            raise InputError(f"keep_vectors must be in 0..1000, not {self.keep_vectors}")
        if self.keep_vectors and not self.begin_from:
            raise InputError("keep_vectors keeps those of a run: begin_from is needed")
        if not 0 <= self.noise <= 4:
            raise InputError(f"noise must be in 0..4, not {self.noise}")
