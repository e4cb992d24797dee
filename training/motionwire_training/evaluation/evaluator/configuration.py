"""Settings of the evaluator."""

import math
from dataclasses import dataclass

from motionwire.errors import InputError
from motionwire_training.configuration import TrainingConfig


@dataclass
class EvaluatorConfig(TrainingConfig):
    """Two networks of one kind: one that puts motion and sentence into one space, one that names content and style."""

    text_encoder: str = ""  # folder or hub name of MiniLM; empty: the installed package, else the hub
    width: int = 128  # of the matching network
    judge_width: int = 96  # of the naming network
    embedding: int = 128  # dimensions that motion and sentence share
    frames: int = 240  # longer clips are seen in part: 8 s
    noise: float = 0.05  # added to normalised features
    balance: float = 0.5  # labels are drawn with their count to the power of 1 - balance

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("width", "judge_width", "embedding"):
            if getattr(self, name) < 1:
                raise InputError(f"{name} must be at least 1, not {getattr(self, name)}")
        if not 0 <= self.noise < math.inf:
            raise InputError(f"noise must be at least 0, not {self.noise}")
        if self.frames < 16 or self.frames % 4:
            raise InputError(f"frames must be a multiple of 4 and at least 16, not {self.frames}")
        if not 0 <= self.balance <= 1:
            raise InputError(f"balance must be in 0..1, not {self.balance}")
