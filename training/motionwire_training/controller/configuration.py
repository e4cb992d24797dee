"""Settings of the controller: network, data preparation, the staged schedule from teacher forcing to free running, losses."""

from dataclasses import dataclass, field
from itertools import pairwise

from motionwire.errors import InputError
from motionwire_training.configuration import TrainingConfig
from motionwire_training.controller.balance import Balance
from motionwire_training.controller.teacher_forcing import TeacherForcing

ARCHITECTURES = ("film", "pfnn")
LATENT_SHARE = 0.02  # of the long group while nothing runs free
STEERED = ("steered_walk", "steered_run")
CATEGORIES = ("stand", "turn", "start", "stop", "walk", "walk_turn", "run", "run_turn", "backward", "sideways", *STEERED)


@dataclass(unsafe_hash=True)  # steps of equal stages have equal shapes
class Stage:
    """A part of the training: `share` of all steps, windows of `horizon` frames, weight of the free run against the core's (0: none)."""

    share: float = 1.0
    horizon: int = 8
    free_weight: float = 0.0


@dataclass
class CoreWeights:
    """Weights of the core's terms, on single frames and on free runs alike; see `losses`."""

    rotation: float = 3.0  # per rad, in the root's frame
    local_rotation: float = 3.0  # per rad, to the parent
    rotation_change: float = 0.15  # per rad/s
    orthogonality: float = 1.0
    kinematics: float = 4.0  # per 10 cm
    movement: float = 2.0  # per m/s over the ground
    pose: float = 2.0  # this and the next per standard deviation
    root: float = 1.0  # of what the root's step differs from the trajectory's
    trajectory: float = 0.3
    contacts: float = 0.3
    phase: float = 0.5
    gait: float = 0.1


@dataclass
class AuxWeights:
    """Weights of the aux group's terms; the group's share of the total is in `balance`."""

    turn: float = 1.0  # per rad/s
    so3: float = 10.0  # per rad2
    hinge: float = 3.0  # per rad


@dataclass
class ControllerConfig(TrainingConfig):
    """One controller run. Frames are at 60 fps."""

    begin_from: str = ""  # run folder whose best weights the training begins with (begin.py); empty: from nothing
    architecture: str = "film"  # or pfnn
    phase_labels: str = ""  # file or folder of explicit phases in place of the soft ones, see `phase_labels`
    hidden: int = 512
    control_points: int = 4  # of pfnn
    pretrain_steps: int = 0  # of film: steps in which the motion encoder first learns to repair noisy poses
    pose_influence: float = 0.3  # scale of the standardised pose beside the trajectory: lower listens more to the stick
    recall: float = 1.0  # at run time, of how far the fed pose is from the mean: 0.99 ends slow drifts, and costs a little of the stride
    style_dropout: float = 0.1  # share of windows shown as neutral, so that styles share their gaits
    rare_style_dropout: float = 0.5  # the same for backward and sideways steps, of which each style has one clip
    pose_noise: float = 0.05  # of the fed-back standardised pose
    trajectory_noise: float = 0.02  # of the standardised trajectory
    phase_noise: float = 0.15  # rad, the same for all frames of a window
    time_scales: list[float] = field(default_factory=lambda: [1.0, 0.85, 1.18, 0.65])  # speeds at which each locomotion clip is also shown
    transitions: int = 480  # starts, and as many stops and turns on the spot, made from walks and stands of all styles
    bends: int = 1  # copies of each locomotion clip that are bent into a curve
    redirected: float = 0.35  # share of the walks that are also shown backward or sideways
    steered: float = 0.5  # share of the walks and runs that are also shown led by a stick
    bend_rate: float = 1.6  # rad/s, the largest turning rate of a bent clip
    sampling: dict[str, float] = field(
        default_factory=lambda: {
            "stand": 0.07,
            "turn": 0.07,
            "start": 0.10,
            "stop": 0.09,
            "walk": 0.14,
            "walk_turn": 0.13,
            "run": 0.16,
            "run_turn": 0.10,
            "backward": 0.07,
            "sideways": 0.07,
            "steered_walk": 0.16,
            "steered_run": 0.12,
        }
    )
    stages: list[Stage] = field(
        default_factory=lambda: [
            Stage(0.06, 8, 0.0),
            Stage(0.2, 14, 0.175),
            Stage(0.36, 18, 0.325),
            Stage(0.38, 36, 0.5),
        ]
    )
    teacher_forcing: TeacherForcing = field(default_factory=lambda: TeacherForcing("step_linear", start=0.05, end=0.25, max=0.5, min=0.0))
    core: CoreWeights = field(default_factory=CoreWeights)
    aux: AuxWeights = field(default_factory=AuxWeights)
    latent: float = 1.0  # weight of the latent consistency beside the free run
    balance: Balance = field(default_factory=Balance)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.architecture not in ARCHITECTURES:
            raise InputError(f"architecture {self.architecture!r} is not one of {', '.join(ARCHITECTURES)}")
        for name, least in (("hidden", 1), ("control_points", 4), ("pretrain_steps", 0)):
            if getattr(self, name) < least:
                raise InputError(f"{name} must be at least {least}, not {getattr(self, name)}")
        if self.pretrain_steps and self.begin_from:
            raise InputError("pretrain_steps needs a training from nothing, without begin_from")
        if self.pretrain_steps and self.architecture != "film":
            raise InputError(f"pretrain_steps needs architecture film, not {self.architecture}")
        if not 0.9 <= self.recall <= 1:
            raise InputError(f"recall must be in 0.9..1, not {self.recall}")
        if unknown := sorted(set(self.sampling) - set(CATEGORIES)):
            raise InputError(f"sampling names unknown categories {', '.join(unknown)}; known are {', '.join(CATEGORIES)}")
        if not self.sampling or min(self.sampling.values()) < 0 or sum(self.sampling.values()) <= 0:
            raise InputError("sampling needs shares of at least 0 that are not all 0")
        if not self.stages or any(s.horizon < 1 or s.share <= 0 or not 0 <= s.free_weight <= 10 for s in self.stages):
            raise InputError("each stage needs share > 0, horizon >= 1 and free_weight in 0..10")
        if any(later.free_weight < earlier.free_weight for earlier, later in pairwise(self.stages)):
            raise InputError("free_weight may not fall from one stage to the next")
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

    def long_share(self, step: int) -> float:
        """Share of the long group beside those in `balance`: the stage's free-run weight, and a little for latent consistency alone."""
        return max(LATENT_SHARE, self.stage_at(step).free_weight)
