"""The check of the soft phase: strikes and cycles of walks whose stride is known, and errors of phases that are wrong on purpose."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from motionwire.errors import InputError
from motionwire.motion.mirror import mirror
from motionwire_training.evaluation import phase
from motionwire_training.evaluation.phase_reading import Reading, read
from motionwire_training.evaluation.phase_truth import angle_cycle, foot_strikes
from synthetic import walking_clip
from training.controller.tiny_data import standing_clip, write_dataset

GAITS = [(0.8, 1.0, 0.0), (0.95, 1.2, 0.7), (1.4, 2.6, 0.0)]  # stride Hz, m/s, rad/s


@pytest.mark.parametrize(("stride_hz", "speed", "turn"), GAITS)
def test_strikes_and_joint_angles_tell_the_stride(stride_hz: float, speed: float, turn: float) -> None:
    clip = walking_clip(6.0, fps=60.0, speed=speed, stride_hz=stride_hz, turn=turn)
    strikes = foot_strikes(clip)
    assert strikes.steady
    np.testing.assert_allclose(strikes.cycles, 1 / stride_hz, rtol=0.02)
    np.testing.assert_allclose(strikes.left, np.round(strikes.left * stride_hz) / stride_hz, atol=0.03)  # where the swing ends
    between = np.mod(strikes.right[:, None] - strikes.left, 1 / stride_hz) * stride_hz
    np.testing.assert_allclose(between, 0.5, atol=0.03)
    assert angle_cycle(clip) == pytest.approx(1 / stride_hz, rel=0.01)


def test_backward_walks_and_mirrored_ones_strike_as_well() -> None:
    clip = walking_clip(6.0, fps=60.0)
    back = replace(clip, rotations=clip.rotations[::-1].copy(), root_positions=clip.root_positions[::-1].copy())
    assert foot_strikes(back).steady
    np.testing.assert_allclose(foot_strikes(mirror(clip)).left, foot_strikes(clip).right, atol=1e-3)


def test_who_stands_takes_no_step() -> None:
    strikes = foot_strikes(standing_clip())
    assert len(strikes.left) == len(strikes.right) == 0
    assert not strikes.steady
    assert angle_cycle(walking_clip(0.5, fps=60.0)) is None


def test_steady_walks_agree() -> None:
    figures = phase.summary([read(walking_clip(6.0, fps=60.0, stride_hz=hz, speed=v, turn=turn), "walk") for hz, v, turn in GAITS])
    assert figures["steady_clips"] == 3
    assert figures["cycle_error_percent_max"] < 1
    assert figures["jumps"] == figures["low_confidence_percent"] == 0


def wrong(change: np.ndarray) -> dict[str, float]:
    """Figures of a walk whose phase is off by `change` [T] cycles."""
    reading = read(walking_clip(6.0, fps=60.0, stride_hz=1.0), "walk")
    return phase.summary([replace(reading, phase=reading.phase + 2 * np.pi * change)])


def test_a_wrong_phase_is_found_out() -> None:
    time = np.arange(360) / 60
    np.testing.assert_allclose(wrong(0.1 * time)["cycle_error_percent_mean"], 100 / 11, atol=0.5)  # 1.1 cycles where there is one
    assert wrong(np.where(time < 3, 0, 0.3))["jumps"] == 1
    assert wrong(np.where(time < 3, 0, 0.3))["single_cycle_error_percent_p95"] > 25
    assert wrong(0.05 * np.sin(2 * np.pi * time))["speed_deviation_percent"] > 20
    assert wrong(np.where(time < 3, 0, 0.2))["strike_spread_percent"] > 8


def test_standing_says_nothing_but_that_it_says_nothing() -> None:
    figures = phase.summary([read(standing_clip(), "idle")])
    assert figures["low_confidence_percent"] == 100
    assert figures["steady_clips"] == 0
    assert "cycle_error_percent_max" not in figures


def test_a_data_set_is_measured_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = write_dataset(tmp_path / "data")
    phase.main(data, str(tmp_path / "phase.json"), tmp_path / "pictures")
    written = json.loads((tmp_path / "phase.json").read_text())
    assert {content: values["clips"] for content, values in written["contents"].items()} == {"idle": 1, "run": 1, "walk": 2, "all": 4}
    assert written["contents"]["run"]["cycle_s"] == pytest.approx(1 / 1.4, rel=0.02)
    assert "walk" in capsys.readouterr().out
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {"idle.png", "run.png", "walk.png"}
    assert Image.open(tmp_path / "pictures" / "walk.png").size[0] == 900
    phase.main(data, "-", None)
    assert json.loads(capsys.readouterr().out) == written


def test_what_is_no_data_set_or_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no val shards"):
        phase.main(tmp_path, "", None)
    data = write_dataset(tmp_path / "data")
    with pytest.raises(InputError, match="cannot write"):
        phase.main(data, str(tmp_path / "nowhere" / "x.json"), None)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be made a folder"):
        phase.main(data, "", tmp_path / "file")


def test_reading_keeps_the_times_of_the_recording() -> None:
    reading = read(walking_clip(4.0, fps=30.0, stride_hz=1.0), "walk")
    assert isinstance(reading, Reading)
    assert reading.clip.fps == 60
    assert len(reading.phase) == len(reading.clip) == len(reading.contacts)
    np.testing.assert_allclose(reading.speed, 1.0, atol=0.15)
