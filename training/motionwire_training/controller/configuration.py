"""Settings of the controller: network, data preparation, the staged schedule from teacher forcing to free running, losses."""

from dataclasses import dataclass, field

from motionwire.errors import InputError
from motionwire_training.configuration import TrainingConfig

CATEGORIES = ("stand", "start", "stop", "walk", "walk_turn", "run", "run_turn", "backward", "sideways")


@dataclass
class Stage:
    """A part of the training: `share` of all steps, windows of `horizon` frames, `free` probability that a step is fed its own pose."""

    share: float = 1.0
    horizon: int = 1
    free: float = 0.0


@dataclass
class LossWeights:
    """Weights of the loss terms; each term is a mean over standardised values, so 1 is comparable with 1."""

    positions: float = 1.0
    velocities: float = 0.7
    rotations: float = 1.0
    root: float = 0.5  # of what the root's step differs from the trajectory's
    trajectory: float = 0.3
    contacts: float = 0.2
    phase: float = 0.5
    kinematics: float = 5.0  # per 10 cm: joints placed by forward kinematics of the predicted rotations
    motion: float = 1.0  # per m/s: their movement from step to step


@dataclass
class ControllerConfig(TrainingConfig):
    """One controller run. Frames are at 60 fps."""

    hidden: int = 256
    control_points: int = 4
    dropout: float = 0.0
    pose_influence: float = 0.3  # scale of the standardised pose beside the trajectory: lower listens more to the stick
    style_dropout: float = 0.1  # share of windows shown as neutral, so that styles share their gaits
    rare_style_dropout: float = 0.5  # the same for backward and sideways steps, of which each style has one clip
    pose_noise: float = 0.05  # of the fed-back standardised pose
    trajectory_noise: float = 0.02  # of the standardised trajectory
    phase_noise: float = 0.1  # rad
    time_scales: list[float] = field(default_factory=lambda: [1.0, 0.85, 1.18])  # speeds at which each locomotion clip is also shown
    transitions: int = 480  # starts, and as many stops, made from walks and standing frames; shared out among the styles
    bends: int = 1  # copies of each locomotion clip that are bent into a curve
    redirected: float = 0.35  # share of the walks that are also shown backward or sideways
    bend_rate: float = 1.6  # rad/s, the largest turning rate of a bent clip
    sampling: dict[str, float] = field(
        default_factory=lambda: {
            "stand": 0.10,
            "start": 0.10,
            "stop": 0.10,
            "walk": 0.18,
            "walk_turn": 0.16,
            "run": 0.12,
            "run_turn": 0.08,
            "backward": 0.09,
            "sideways": 0.07,
        }
    )
    stages: list[Stage] = field(default_factory=lambda: [Stage(0.12, 2, 0.5), Stage(0.38, 8, 1.0), Stage(0.5, 16, 1.0)])
    weights: LossWeights = field(default_factory=LossWeights)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.hidden < 1 or self.control_points < 4:
            raise InputError(f"hidden must be at least 1 and control_points at least 4, not {self.hidden} and {self.control_points}")
        if unknown := sorted(set(self.sampling) - set(CATEGORIES)):
            raise InputError(f"sampling names unknown categories {', '.join(unknown)}; known are {', '.join(CATEGORIES)}")
        if not self.sampling or min(self.sampling.values()) < 0 or sum(self.sampling.values()) <= 0:
            raise InputError("sampling needs shares of at least 0 that are not all 0")
        if not self.stages or any(s.horizon < 1 or s.share <= 0 or not 0 <= s.free <= 1 for s in self.stages):
            raise InputError("each stage needs share > 0, horizon >= 1 and free in 0..1")
        if not self.time_scales or any(not 0.5 <= scale <= 2 for scale in self.time_scales):
            raise InputError("time_scales must lie in 0.5..2")

    def stage_at(self, step: int) -> Stage:
        """The stage that step 0..steps-1 belongs to."""
        total = sum(stage.share for stage in self.stages)
        end = 0.0
        for stage in self.stages:
            end += stage.share / total * self.steps
            if step < end:
                return stage
        return self.stages[-1]
