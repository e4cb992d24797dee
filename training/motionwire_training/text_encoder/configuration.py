"""Settings of the sentence layers' training."""

from dataclasses import dataclass

from motionwire.errors import InputError
from motionwire_training.configuration import TrainingConfig


@dataclass
class TextEncoderConfig(TrainingConfig):
    """Which encoder, and how much of it learns."""

    encoder: str = ""  # folder or hub name of MiniLM; empty: the installed package, else the hub
    layers: int = 6  # so many of its last layers are trained, as a branch beside those of the words
    width: int = 256  # of the vector that contents and styles are read from
    noise: float = 0.4  # added to that vector's input, over its spread

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.layers < 1:
            raise InputError(f"layers must be at least 1, not {self.layers}")
        if self.width < 1:
            raise InputError(f"width must be at least 1, not {self.width}")
        if not 0 <= self.noise <= 4:
            raise InputError(f"noise must be in 0..4, not {self.noise}")
