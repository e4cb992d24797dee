"""Metrics of networks whose errors are known: the truth with a part turned, a foot lifted, a root pushed."""

import math

import pytest
import torch
from torch import Tensor, nn

from motionwire.controller import layout
from motionwire.controller.encoding import encode
from motionwire.motion.skeleton import JOINT_NAMES, JOINTS
from motionwire_training.controller.frames import root_deltas
from motionwire_training.controller.metrics import BEST, KEY_BONES, validation_metrics
from synthetic import walking_clip

HORIZON = 30


def batch(turn: float = 0.5) -> dict[str, Tensor]:
    """Two windows of a made walk; the phase carries the index of the frame, by which the networks below find the truth."""
    poses, track = encode(walking_clip(2.0, fps=60.0, turn=turn))
    windows = torch.from_numpy(poses).unfold(0, HORIZON + 1, 40).mT[:2].contiguous()
    roots = torch.cat((torch.from_numpy(track.positions), torch.from_numpy(track.headings)[:, None]), 1)
    deltas = torch.from_numpy(root_deltas(roots.unfold(0, HORIZON + 1, 40).mT[:2].numpy())).float()
    count = len(windows)
    return {
        "pose": windows,
        "root_delta": deltas,
        "trajectory": torch.zeros(count, HORIZON + 1, layout.TRAJECTORY),
        "gait": torch.zeros(count, HORIZON + 1, 3),
        "style": torch.zeros(count, 1),
        "phase": torch.arange(HORIZON + 1.0).expand(count, -1)[..., None],
        "contacts": torch.tensor([1.0, 1.0, 1.0, 0.0]).expand(count, HORIZON + 1, -1),
    }


class Truth(nn.Module):
    """Predicts the truth, but for what `spoil` does to a pose, with what it was fed and what it was asked to predict."""

    def __init__(self, truth: dict[str, Tensor], push: float = 0.0, twist: float = 0.0, turned: float = 0.0, carries: bool = False) -> None:
        super().__init__()
        self.truth, self.push, self.twist, self.turned, self.carries = truth, push, twist, turned, carries

    def forward(self, pose: Tensor, trajectory: Tensor, gait: Tensor, style: Tensor, phase: Tensor) -> tuple[Tensor, ...]:
        step = int(phase[0, 0])
        now, after = self.truth["pose"][:, step], self.truth["pose"][:, step + 1]
        made = after + (pose - now) if self.carries else after.clone()  # carries: what it was fed wrong stays wrong
        made = turned_about_x(made, JOINT_NAMES.index("left_knee"), self.turned)
        root = self.truth["root_delta"][:, step] + torch.tensor([self.push, 0.0, self.twist])
        return made, root, torch.zeros(len(pose), layout.FUTURE_TRAJECTORY), torch.ones(len(pose), 4), torch.zeros(len(pose), 1)


def turned_about_x(pose: Tensor, joint: int, angle: float) -> Tensor:
    """Poses with one joint's rotation R replaced by R Rx(angle): columns 1 and 2 of its two rows mix."""
    six = pose[:, layout.ROTATIONS].unflatten(1, (JOINTS, 6)).clone()
    sine, cosine = math.sin(angle), math.cos(angle)
    for row in (0, 3):
        y, z = six[:, joint, row + 1].clone(), six[:, joint, row + 2].clone()
        six[:, joint, row + 1], six[:, joint, row + 2] = cosine * y + sine * z, cosine * z - sine * y
    out = pose.clone()
    out[:, layout.ROTATIONS] = six.flatten(1)
    return out


def test_the_truth_has_no_error() -> None:
    truth = batch()
    figures = validation_metrics(Truth(truth), truth)
    errors = {name: value for name, value in figures.items() if name.endswith(("_deg", "_deg_s", "_m_s"))}
    assert max(errors.values()) < 0.1
    assert figures["teacher_contact_duty"] == 1.0
    assert figures["data_contact_duty"] == figures["free_contact_agreement"] == 0.75
    assert BEST in figures


def test_a_turned_knee_is_told_apart() -> None:
    truth = batch()
    figures = validation_metrics(Truth(truth, turned=0.2), truth)
    wanted = math.degrees(0.2)
    for kind in ("teacher", "free"):
        assert figures[f"{kind}_knee_deg"] == pytest.approx(wanted / 2, abs=1e-2)  # one of two knees
        assert figures[f"{kind}_geo_deg"] == pytest.approx(wanted / JOINTS, abs=1e-2)
        assert max(figures[f"{kind}_{bone}_deg"] for bone in KEY_BONES if bone != "knee") < 0.01
    # Teacher-forced each step jumps from the true knee to the turned one; the free run does so once and then moves as the truth.
    assert figures["teacher_knee_deg_s"] == pytest.approx(wanted / 2 * 60, rel=1e-2)
    assert figures["free_knee_deg_s"] == pytest.approx(wanted / 2 * 60 / HORIZON, rel=0.1)
    assert figures["free_teacher_ratio_1s"] == pytest.approx(1, abs=1e-3)


def test_an_error_that_is_carried_on_grows_in_the_free_run() -> None:
    truth = batch(turn=0.0)
    figures = validation_metrics(Truth(truth, turned=0.01, carries=True), truth)
    assert figures["free_teacher_ratio_1s"] > 10
    assert figures["free_knee_deg"] > 5 * figures["teacher_knee_deg"]


def test_root_errors_are_in_metres_a_second_and_degrees() -> None:
    truth = batch()
    figures = validation_metrics(Truth(truth, push=0.01, twist=0.002), truth)
    assert figures["teacher_root_vel_mae_m_s"] == pytest.approx(0.6, abs=1e-4)
    assert figures["free_root_vel_mae_m_s"] == pytest.approx(0.6, abs=1e-4)
    assert figures["teacher_yaw_abs_deg"] == pytest.approx(math.degrees(0.002), abs=1e-3)
    assert figures["free_yaw_abs_deg"] == pytest.approx(math.degrees(0.002) * (HORIZON + 1) / 2, abs=1e-2)
