"""Train the controller: `motionwire-train controller data=DIR licence=research out=runs/NAME [key=value ...]`.

Two processes matter: what the network predicts one frame ahead (teacher-forced) and what becomes of it when it is fed its own
poses (free-running), since that is all it sees at run time. The schedule goes from the first to the second.
"""

from collections.abc import Mapping

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from motionwire.controller import layout
from motionwire.motion.skeleton import JOINTS
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.data import Epochs, Windows, prepare
from motionwire_training.controller.losses import matrices, rollout_losses
from motionwire_training.controller.model import PhaseFunctionedNetwork
from motionwire_training.loop import fit
from motionwire_training.run import Run, write_json

EPOCH_BATCHES = 200
VALIDATION_WINDOWS = 512
VALIDATION_HORIZON = 60  # frames: one second of free run
START_POSE_FRAMES = 2000
SAMPLE_WINDOWS = 64  # kept in the run folder: real inputs with which export compares its graph


def main(config: ControllerConfig) -> None:
    """Prepare the frames where needed, train, validate; leaves the run folder described in `run.py` and model.json."""
    run = Run("controller", config)
    with run.accelerator.main_process_first():
        train = Windows(prepare(config, "train", run.data_version), config)
        held_out = Windows(prepare(config, "val", run.data_version), config, mirrored=False, noisy=False)
    model = build(config, len(train.frames.styles))
    model.set_normalisation(train.statistics())
    if run.is_main:
        write_json(
            run.folder / "model.json",
            {"styles": list(train.frames.styles), "start_pose": start_pose(train), "frames": len(train.frames)},
        )
        save_file(sample_inputs(train), run.folder / "sample.safetensors")
    fit(
        run,
        model,
        Epochs(train, config, EPOCH_BATCHES),
        lambda network, batch, _: rollout_losses(_bare(network), batch, config),
        lambda network: validate(_bare(network), held_out),
        best="free_rotation_deg",
    )


def build(config: ControllerConfig, styles: int) -> PhaseFunctionedNetwork:
    """The network of a configuration, before normalisation is set."""
    return PhaseFunctionedNetwork(styles, config.hidden, config.control_points, config.dropout, config.pose_influence)


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
    batch = windows.batch(np.random.default_rng(0), SAMPLE_WINDOWS, 1, 0.0)
    style = batch.pop("style")
    return {
        **{name: batch[name][:, 0].contiguous() for name in ("pose", "trajectory", "gait")},
        "style": style,
        "phase": batch["phase"][:, 0].contiguous(),
    }


@torch.no_grad()
def validate(model: PhaseFunctionedNetwork, windows: Windows) -> Mapping[str, float]:
    """Errors on held-out windows: one frame ahead (teacher) and over a second of free run (free).

    rotation_deg: mean geodesic error of the joints; root_mae: m/s; free_ratio: free-run by teacher error after one second.
    """
    device = next(model.parameters()).device
    rng = np.random.default_rng(1)
    batch = {name: value.to(device) for name, value in windows.batch(rng, VALIDATION_WINDOWS, VALIDATION_HORIZON, 1.0).items()}
    teacher: list[Tensor] = []
    free: list[Tensor] = []
    root: list[Tensor] = []
    pose = batch["pose"][:, 0]
    for step in range(VALIDATION_HORIZON):
        inputs = (batch["trajectory"][:, step], batch["gait"][:, step], batch["style"], batch["phase"][:, step])
        truth = batch["pose"][:, step + 1]
        forced = model(batch["pose"][:, step], *inputs)
        pose = model(pose, *inputs)[0]
        teacher.append(rotation_error(forced[0], truth))
        free.append(rotation_error(pose, truth))
        root.append((forced[1][:, :2] - batch["root_delta"][:, step, :2]).norm(dim=1).mean() * layout.FPS)
    last = slice(-6, None)
    return {
        "teacher_rotation_deg": float(torch.stack(teacher).mean()),
        "free_rotation_deg": float(torch.stack(free).mean()),
        "root_velocity_mae_m_s": float(torch.stack(root).mean()),
        "free_teacher_ratio_1s": float(torch.stack(free)[last].mean() / torch.stack(teacher)[last].mean()),
    }


def rotation_error(pose: Tensor, truth: Tensor) -> Tensor:
    """Mean geodesic distance of the joints' rotations, degrees."""
    a, b = (matrices(p[:, layout.ROTATIONS].unflatten(1, (JOINTS, 6))) for p in (pose, truth))
    trace = (a * b).sum((-1, -2))
    return torch.rad2deg(torch.acos(((trace - 1) / 2).clamp(-1 + 1e-7, 1 - 1e-7))).mean()


def _bare(network: nn.Module) -> PhaseFunctionedNetwork:
    inner = getattr(network, "module", network)
    assert isinstance(inner, PhaseFunctionedNetwork)
    return inner
