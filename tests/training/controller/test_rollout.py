"""Passes over windows: teacher forcing is one call a frame, a free run feeds the network its own poses."""

import pytest
import torch
from torch import Tensor

from motionwire.controller import layout
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.model import ControllerNetwork, Noise, build
from motionwire_training.controller.rollout import ASTRAY, astray, free_pass, out_of_step, teacher_pass

WINDOWS, HORIZON, STYLES = 5, 4, 2
NO_NOISE = Noise(0.0, 0.0, 0.0)


@pytest.fixture(params=["film", "pfnn"])
def model(request: pytest.FixtureRequest) -> ControllerNetwork:
    torch.manual_seed(0)
    config = ControllerConfig(data="d", out="o", licence="free", architecture=request.param, hidden=8)
    return build(config, STYLES).eval()


@pytest.fixture
def batch() -> dict[str, Tensor]:
    torch.manual_seed(1)
    frames = (WINDOWS, HORIZON + 1)
    return {
        "pose": torch.randn(*frames, layout.POSE),
        "trajectory": torch.randn(*frames, layout.TRAJECTORY),
        "gait": torch.rand(*frames, len(layout.GAITS)),
        "style": torch.eye(STYLES)[torch.arange(WINDOWS) % STYLES],
        "phase": torch.rand(*frames, 1),
    }


def call(model: ControllerNetwork, batch: dict[str, Tensor], pose: Tensor, step: int) -> tuple[Tensor, ...]:
    """One call for a frame of every window."""
    return model.predict(pose, batch["trajectory"][:, step], batch["gait"][:, step], batch["style"], batch["phase"][:, step])


def test_the_teacher_pass_is_one_call_for_each_frame(model: ControllerNetwork, batch: dict[str, Tensor]) -> None:
    found = teacher_pass(model, batch, NO_NOISE)
    for step in range(HORIZON):
        for value, wanted in zip(found, call(model, batch, batch["pose"][:, step], step), strict=True):
            torch.testing.assert_close(value[:, step], wanted)


def test_a_run_that_is_always_forced_is_the_teacher_pass_after_its_first_frame(model: ControllerNetwork, batch: dict[str, Tensor]) -> None:
    forced, fed = free_pass(model, batch, astray(batch["pose"][:, 0]), torch.ones(WINDOWS))
    taught = teacher_pass(model, batch, NO_NOISE)
    torch.testing.assert_close(fed[:, 1:], batch["pose"][:, 1:-1])
    assert (fed[:, 0] - batch["pose"][:, 0]).abs().max() > 1e-3, "it begins astray"
    for value, wanted in zip(forced, taught, strict=True):
        torch.testing.assert_close(value[:, 1:], wanted[:, 1:])
    assert (forced.pose[:, 0] - taught.pose[:, 0]).abs().max() > 1e-3


def test_a_free_run_is_fed_its_own_poses(model: ControllerNetwork, batch: dict[str, Tensor]) -> None:
    found, fed = free_pass(model, batch, batch["pose"][:, 0], torch.zeros(WINDOWS))
    torch.testing.assert_close(fed[:, 1:], found.pose[:, :-1])
    for step in range(HORIZON):
        torch.testing.assert_close(found.pose[:, step], call(model, batch, fed[:, step], step)[0])


@pytest.mark.parametrize("forced", [0.0, 1.0])
def test_the_last_pose_learns_from_the_first_step_where_it_is_fed_its_own(
    model: ControllerNetwork, batch: dict[str, Tensor], forced: float
) -> None:
    path = batch["trajectory"].requires_grad_()
    found, _ = free_pass(model, batch, batch["pose"][:, 0], torch.full((WINDOWS,), forced))
    (gradient,) = torch.autograd.grad(found.pose[:, -1].square().sum(), path)
    assert gradient[:, HORIZON - 1].abs().max() > 0
    assert bool((gradient[:, 0] != 0).any()) is (forced == 0.0)


def test_astray_poses_lie_on_the_way_to_the_next_window(batch: dict[str, Tensor]) -> None:
    pose = batch["pose"][:, 0]
    way = pose.roll(1, dims=0) - pose
    moved = astray(pose) - pose
    share = (moved * way).sum(1) / way.square().sum(1)
    torch.testing.assert_close(moved, share[:, None] * way)
    assert (share >= 0).all() and (share <= ASTRAY).all() and share.max() > 0


def test_windows_are_out_of_step_as_a_whole(batch: dict[str, Tensor]) -> None:
    shown = out_of_step(batch, Noise(0.0, 0.0, 0.5))
    shift = shown["phase"] - batch["phase"]
    torch.testing.assert_close(shift, shift[:, :1].expand_as(shift))
    assert shift[:, 0].unique().numel() == WINDOWS
    assert all(shown[name] is batch[name] for name in batch if name != "phase")
