"""Frames that come unevenly are shown evenly: the server time that a game sees runs at its own pace."""

import json
from pathlib import Path

import numpy as np

from engine_bridge.godot.probe import run_script

FPS = 60.0
CLOCKS_APART = -3.0  # s: the server's clock is another


def test_uneven_frames_are_shown_evenly(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    sent = np.arange(600) / FPS
    arrived = np.maximum.accumulate(sent + 0.002 + rng.exponential(0.003, len(sent)))
    looks = np.arange(0.0, 9.9, 1 / 144)
    seen, told = _shown(tmp_path, np.stack((sent + CLOCKS_APART, arrived), axis=1), looks)
    steady = looks > 1.0
    late = looks[steady] + CLOCKS_APART - seen[steady]
    assert 0.02 < late.mean() < 0.06  # s: 1.5 frames and what the network needs
    speed = np.diff(seen[steady]) * 144
    assert np.abs(speed - 1).mean() < 0.034
    assert np.quantile(np.abs(speed - 1), 0.99) < 0.1  # a frame that is later than any before it is waited for
    np.testing.assert_allclose(told, sent[: len(told)] + CLOCKS_APART, atol=1e-4)  # all events, once, in order
    assert len(told) > 580


def test_a_gap_holds_the_pose_and_another_clock_begins_anew(tmp_path: Path) -> None:
    first = np.arange(60) / FPS
    frames = [*zip(first + 100, first, strict=True), *zip(first + 5, first + 2.0, strict=True)]  # a second away, then another server
    looks = np.arange(0.5, 3.0, 1 / 60)
    seen, _ = _shown(tmp_path, np.array(frames), looks)
    assert np.isclose(seen[(looks > 1.2) & (looks < 1.9)], 100 + first[-1]).all()
    after = looks > 2.1
    assert (np.diff(seen[after]) >= 0).all() and 5 < seen[after][0] < seen[after][-1] < 6


def _shown(folder: Path, frames: np.ndarray, looks: np.ndarray) -> tuple[np.ndarray, list[float]]:
    given = {"fps": FPS, "frames": frames.tolist(), "looks": looks.tolist()}
    (folder / "in.json").write_text(json.dumps(given))
    run_script("jitter", str(folder / "in.json"), str(folder / "out.json"))
    out = json.loads((folder / "out.json").read_text())
    return np.array(out["seen"], dtype=float), out["told"]
