"""Settings of the motion tokenizer, and the codebook sizes with their FSQ levels."""

import math
from dataclasses import dataclass, field

from motionwire.errors import InputError
from motionwire_training.configuration import TrainingConfig

# Levels per codebook size as in Mentzer et al. 2023, table 1, and its larger and smaller neighbours.
LEVELS = {
    16: [5, 3],
    64: [8, 8],
    256: [8, 6, 5],
    512: [8, 8, 8],
    1024: [8, 5, 5, 5],
    2048: [8, 8, 6, 5],
    4096: [7, 5, 5, 5, 5],
    16384: [8, 8, 8, 6, 5],
    65536: [8, 8, 8, 5, 5, 5],
}

NEEDS = {  # what the training of each quantiser (quantizers.py) needs beside the reconstruction loss
    "fsq": "nothing",
    "vq": "commitment loss, moving averages",
    "vq_reset": "commitment loss, moving averages, resets",
    "rvq": "commitment loss, moving averages, resets",
    "lfq": "entropy loss, commitment loss",
}
IN_GROUPS = ("fsq", "rvq")  # with several codes a position
FIXED = ("fsq", "lfq")  # whose codes are not learned: the encoder alone says what they mean
PAST = {"diagonal": 8, "causal": 64, "full": 0}  # positions that each attention (attention.py) keeps
HEAD = 32  # channels of an attention head


@dataclass
class TokenizerLosses:
    """Weights of the loss terms. Feature terms are mean absolute errors over the feature group's spread; the others are in metres."""

    root: float = 1.0  # root velocity and heading change
    positions: float = 1.0
    velocities: float = 0.25
    rotations: float = 1.0
    contacts: float = 0.2
    local_rotations: float = 10.0  # chordal distance |R - R'| of each local rotation, 1.41 rad: twists move no joint
    kinematics: float = 30.0  # joints by forward kinematics, m
    speed: float = 10.0  # first differences of those joints, per frame
    acceleration: float = 10.0  # second differences
    path: float = 1.0  # root path integrated over the window, m and rad
    ramp: float = 0.2  # share of the steps over which speed, acceleration and path rise to their weight: at once they teach to hold still


@dataclass
class TokenizerConfig(TrainingConfig):
    """Tokenizer at 30 fps with 4 frames a position."""

    begin_from: str = ""  # run folder whose best weights the training begins with (fine-tuning); empty: from nothing
    keep_codes: bool = False  # only the decoder learns: what was trained on the codes of begin_from goes on understanding them
    codebook_size: int = 256  # nominal; the product of its levels is what counts
    stride: int = 4  # frames a position; 2 is for experiments, the runtime streams 4
    groups: int = 2  # codes per position
    quantizer: str = "fsq"  # fsq, vq, vq_reset, rvq or lfq (quantizers.py)
    attention: str = ""  # full, causal or diagonal in place of every third convolution (attention.py); empty: convolutions only
    width: int = 448
    encoder_blocks: int = 4
    decoder_blocks: int = 6
    refine_width: int = 128  # channels of the frame-rate convolutions behind the decoder
    window: int = 128  # frames
    balance: float = 0.5  # kinds of clips are drawn with their number of windows to the power of 1 - balance
    shuffle: int = 2048  # windows held to mix them
    resident: bool = False  # the whole set held on the training device (resident.py) rather than streamed
    loss: TokenizerLosses = field(default_factory=TokenizerLosses)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.codebook_size not in LEVELS:
            raise InputError(f"codebook_size {self.codebook_size} has no FSQ levels; choose one of {', '.join(map(str, LEVELS))}")
        if self.quantizer not in NEEDS:
            raise InputError(f"quantizer {self.quantizer!r} is not one of {', '.join(NEEDS)}")
        if self.groups < 1 or (self.groups > 1 and self.quantizer not in IN_GROUPS):
            raise InputError(f"{self.quantizer} takes {'one group' if self.groups > 1 else 'at least one group'}, not {self.groups}")
        if self.attention and self.attention not in PAST:
            raise InputError(f"attention {self.attention!r} is not one of {', '.join(PAST)}")
        if self.attention and self.width % HEAD:
            raise InputError(f"width {self.width} does not split into heads of {HEAD}")
        if self.bits > 16:
            raise InputError(f"{self.groups} codes of {self.codes} make {self.bits:.1f} bits a position; 16 are allowed")
        if self.stride not in (2, 4):
            raise InputError(f"stride {self.stride} is not 2 or 4")
        if not 0 <= self.balance <= 1:
            raise InputError(f"balance must be in 0..1, not {self.balance}")
        if self.keep_codes and not self.begin_from:
            raise InputError("keep_codes needs begin_from: whose codes are kept")
        if self.keep_codes and self.quantizer not in FIXED:
            raise InputError(f"keep_codes takes {' or '.join(FIXED)}: {self.quantizer} moves its codebook with every batch")
        for name in ("width", "encoder_blocks", "decoder_blocks", "refine_width", "shuffle"):
            if getattr(self, name) < 1:
                raise InputError(f"{name} must be at least 1, not {getattr(self, name)}")
        if not 0 <= self.loss.ramp < math.inf:
            raise InputError(f"loss.ramp must be at least 0, not {self.loss.ramp}")
        if self.window < 16 or self.window % 4:
            raise InputError(f"window must be a multiple of 4 frames and at least 16, not {self.window}")

    @property
    def levels(self) -> list[int]:
        return LEVELS[self.codebook_size]

    @property
    def codes(self) -> int:
        """Real number of codes in a group."""
        return math.prod(self.levels) if self.quantizer == "fsq" else self.codebook_size

    @property
    def bits(self) -> float:
        """Bits per position, all groups."""
        return self.groups * math.log2(self.codes)
