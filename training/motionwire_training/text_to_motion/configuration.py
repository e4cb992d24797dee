"""Settings of the text-to-motion transformer."""

import math
from dataclasses import dataclass, field

from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire.generator.sampling import STANDARD, Sampling
from motionwire_training.configuration import TrainingConfig


@dataclass
class TextToMotionConfig(TrainingConfig):
    """The transformer and how its sequences are drawn."""

    tokenizer: str = "???"  # run folder of the tokenizer whose codes are learned
    begin_from: str = ""  # run folder whose best weights the training begins with (fine-tuning); empty: from nothing
    text_encoder: str = ""  # folder or hub name of MiniLM; empty: the installed package, else the hub
    width: int = 256
    layers: int = 6
    heads: int = 4
    dropout: float = 0.1
    shifts: int = 2  # each clip is encoded from this many starting frames
    tempos: list[float] = field(default_factory=lambda: [1.0])  # and at these multiples of its speed
    max_positions: int = 96  # of a sequence; longer motions come in pieces (pieces.py), too
    text_dropout: float = 0.1  # share of sentences left out, for classifier-free guidance
    words_dropout: float = 0.5  # share of sentences told as one vector only, without their words
    labels_only: float = 0.2  # share of sentences told as the labels that are read from them, without words and vector
    labels: float = 0.2  # weight of reading content and style from the sentence's vector
    text_noise: float = 0.2  # added to a sentence's embeddings, over their spread
    length_dropout: float = 0.3  # share of motions whose length is not told
    history: float = 0.25  # share of motions begun from their own past
    foreign_history: float = 0.1  # share begun from another clip's past: the sentence has to win
    goal: float = 0.15  # share that is told in which frame to arrive (in-betweening)
    goal_silence: float = 0.5  # share of those without a sentence
    goal_pose: float = 0.3  # share of goals that are a pose only, without its velocities
    temperature: float = STANDARD.temperature  # at which the exported model is sampled where nothing is asked for
    guidance: float = STANDARD.guidance  # likewise
    code_noise: float = 0.08  # share of input codes replaced by random ones
    balance: float = 0.5  # kinds of clips are drawn with their count to the power of 1 - balance
    even: float = 0.5  # share of the draws that fall evenly on contents, and in each by `balance`
    bucket: int = 16  # batches sorted by length together

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("width", "layers", "heads", "shifts", "bucket"):
            if getattr(self, name) < 1:
                raise InputError(f"{name} must be at least 1, not {getattr(self, name)}")
        if not 1 <= self.max_positions <= layout.MAX_MOTION:
            raise InputError(f"max_positions must be in 1..{layout.MAX_MOTION}, not {self.max_positions}")
        for name in ("labels", "text_noise"):
            if not 0 <= getattr(self, name) < math.inf:
                raise InputError(f"{name} must be at least 0, not {getattr(self, name)}")
        if self.width % self.heads or self.width // self.heads % 2:
            raise InputError(f"width {self.width} does not split into {self.heads} heads of even size")
        for name in (
            "text_dropout",
            "words_dropout",
            "labels_only",
            "length_dropout",
            "history",
            "foreign_history",
            "goal",
            "goal_silence",
            "goal_pose",
            "code_noise",
            "balance",
            "even",
            "dropout",
        ):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"{name} must be in 0..1, not {getattr(self, name)}")
        Sampling(temperature=self.temperature, guidance=self.guidance)  # raises
        if not self.tempos or not all(0.5 <= tempo <= 2 for tempo in self.tempos):
            raise InputError(f"tempos must lie in 0.5..2, not {self.tempos}")
        if self.history + self.foreign_history > 1:
            raise InputError("history and foreign_history together exceed 1")
