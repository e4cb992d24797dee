"""Train the controller: `motionwire-train controller data=DIR licence=research out=runs/NAME [key=value ...]`.

Two things matter: what the network predicts one frame ahead (teacher-forced) and what becomes of it when it is fed its own
poses (free-running), since that is all it sees at run time. The schedule goes from the first to the second.
"""

from collections.abc import Callable, Mapping

import numpy as np
from safetensors.torch import save_file
from torch import Tensor, nn

from motionwire.controller import layout
from motionwire_training.controller import strategies
from motionwire_training.controller.balance import GROUPS
from motionwire_training.controller.begin import carry_over, check_shape
from motionwire_training.controller.configuration import ControllerConfig, Stage
from motionwire_training.controller.data import Epochs, Windows
from motionwire_training.controller.idling import idle_of
from motionwire_training.controller.load import load_controller
from motionwire_training.controller.losses import losses
from motionwire_training.controller.metrics import BEST, validation_metrics
from motionwire_training.controller.model import ControllerNetwork, build
from motionwire_training.controller.preparation import prepare
from motionwire_training.controller.pretrain import pretrain
from motionwire_training.controller.weighting import Weighting
from motionwire_training.loop import Batch, Moment, fit
from motionwire_training.run import Run, check_licence, write_json

EPOCH_BATCHES = 200
VALIDATION_WINDOWS = 512
VALIDATION_HORIZON = 60  # frames: one second of free run
START_POSE_FRAMES = 2000
SAMPLE_WINDOWS = 64  # kept in the run folder: real inputs with which export compares its graph


class Pupil(nn.Module):
    """What is trained: the network, called with a batch for its losses."""

    def __init__(self, network: ControllerNetwork, config: ControllerConfig) -> None:
        super().__init__()
        self.network, self.config = network, config

    def forward(self, batch: dict[str, Tensor], stage: Stage, forced: Tensor) -> dict[str, Tensor]:
        """Losses by group and by term; see `losses.losses`."""
        return losses(self.network, batch, self.config, stage, forced)


def main(config: ControllerConfig) -> None:
    """Prepare the frames where needed, train, validate; leaves the run folder described in `run.py` and model.json."""
    before = load_controller(config.begin_from) if config.begin_from else None
    if before is not None:
        check_licence(config.begin_from, config)
        check_shape(config, before.config)
    run = Run("controller", config)
    with run.accelerator.main_process_first():
        train, held_out = (Windows(prepare(config, split, run.data_version), config, run.accelerator.device) for split in ("train", "val"))
    network = build(config, len(train.frames.styles))
    network.set_normalisation(train.statistics())
    if before is not None:
        carry_over(before.network, before.description["styles"], network, train.frames.styles)
    if run.is_main:
        write_json(
            run.folder / "model.json",
            {
                "styles": list(train.frames.styles),
                "start_pose": start_pose(train),
                "idle": idle_of(train.frames),
                "frames": len(train.frames),
            },
        )
        save_file(sample_inputs(train), run.folder / "sample.safetensors")
    if config.pretrain_steps and run.load("last") is None:
        pretrain(network, train, config)
    weighting = strategies.build(config.balance, EPOCH_BATCHES)

    fit(
        run,
        Pupil(network, config),
        Epochs(train, config, EPOCH_BATCHES),
        step_losses(train, network, weighting, config),
        validator(held_out, weighting),
        best=BEST,
        stateful=weighting,
        name=config.stage_at,
        scheduled=True,
        by_muon=lambda name: name.endswith("weight"),
    )


def step_losses(
    windows: Windows, network: ControllerNetwork, weighting: Weighting, config: ControllerConfig
) -> Callable[[nn.Module, Batch, Moment], dict[str, Tensor]]:
    """losses(pupil, chosen, moment) for `fit`. Of the moment only the stage matters, which fixes all shapes; everything else that
    changes comes in `chosen` (see `data.Epochs`), and nothing waits for the host: a GPU can replay the steps of a stage."""

    def found(pupil: nn.Module, chosen: Batch, moment: Moment) -> dict[str, Tensor]:
        stage = config.stage_at(moment.step)
        terms = pupil(windows.read(chosen, stage.horizon), stage, chosen["forced"])
        return total_of(weighting, terms, network.trunk.shared, chosen["long_share"][0])

    return found


def total_of(weighting: Weighting, found: dict[str, Tensor], shared: Tensor, long_share: Tensor) -> dict[str, Tensor]:
    """The losses with their weighted sum "loss" and the weighting's statistics."""
    weighting.want("long", long_share)
    total, statistics = weighting({name: found[name] for name in GROUPS}, shared)
    return {"loss": total, **found, **statistics}


def validator(windows: Windows, weighting: Weighting) -> Callable[[Pupil], Mapping[str, float]]:
    """validate(model) for `fit`: figures of the same held-out windows each time, and the shares of the loss groups in training."""
    first = windows.draw(np.random.default_rng(1), VALIDATION_WINDOWS, VALIDATION_HORIZON)
    batch = windows.read(windows.as_recorded(first), VALIDATION_HORIZON)

    def validate(pupil: Pupil) -> Mapping[str, float]:
        figures = validation_metrics(pupil.network, batch)
        return {**figures, **weighting.running_shares()}

    return validate


def start_pose(windows: Windows) -> list[float]:
    """A standing pose [264] for characters to begin with: the real one nearest to the average of standing frames."""
    frames = windows.frames.columns
    standing = windows.frames.by_category[0] if len(windows.frames.by_category[0]) else np.arange(len(windows.frames))
    rows = np.sort(np.random.default_rng(0).choice(standing, min(START_POSE_FRAMES, len(standing)), replace=False))
    poses = frames["poses"][rows]
    distance = np.square(poses - np.median(poses, axis=0))[:, layout.ROTATIONS].sum(axis=1)
    return [round(float(value), 5) for value in poses[np.argmin(distance)]]


def sample_inputs(windows: Windows) -> dict[str, Tensor]:
    """Real inputs of the network by name, [SAMPLE_WINDOWS, ...]."""
    batch = windows.read(windows.choose(np.random.default_rng(0), SAMPLE_WINDOWS, 1), 1)
    batch = {name: value.cpu() for name, value in batch.items()}
    style = batch.pop("style")
    return {
        **{name: batch[name][:, 0].contiguous() for name in ("pose", "trajectory", "gait")},
        "style": style,
        "phase": batch["phase"][:, 0].contiguous(),
    }
