"""Path error, speed, dead and broken frames of motions made to have them."""

from dataclasses import replace

import numpy as np
import pytest

from motionwire_training.evaluation.controller import path as paths
from motionwire_training.evaluation.controller.following import broken, dead, dead_frames, path_error, speed
from motionwire_training.evaluation.controller.recording import Motion
from training.evaluation.controller.recordings import drive, walking


def test_path_error_is_the_distance_from_the_path() -> None:
    beside = walking(drive=drive(path=paths.straight(20)))
    beside.places[..., 0] = 0.07
    beside.headings[:] = np.radians(-12)
    found = path_error(beside)
    assert found["path_error_cm"] == pytest.approx(7) and found["path_error_p95_cm"] == pytest.approx(7)
    assert found["heading_error_deg"] == pytest.approx(12)


def test_no_path_has_no_error() -> None:
    assert path_error(walking()) == {}


def test_the_95th_percentile_sees_a_short_detour() -> None:
    detour = walking(23.0, drive=drive(path=paths.straight(40)))
    detour.places[180:300, :, 0] = 0.5
    found = path_error(detour)
    assert found["path_error_cm"] == pytest.approx(5, abs=0.1) and found["path_error_p95_cm"] == pytest.approx(50)


def test_speed_is_signed_along_what_is_asked() -> None:
    assert speed(walking()) == pytest.approx({"speed_m_s": 1.0, "speed_share": 1.0}, abs=1e-3)
    assert speed(walking(asked=np.tile([0.0, -0.5], (360, 1, 1))))["speed_share"] == pytest.approx(-2, abs=1e-3)


def test_standing_or_walking_the_wrong_way_is_dead_after_half_a_second() -> None:
    asked = np.tile([0.0, 1.0], (120, 1, 1))
    assert dead_frames(asked, asked) == 0
    assert dead_frames(np.zeros_like(asked), asked) == 90
    assert dead_frames(-asked, asked) == 90
    assert dead_frames(np.full_like(asked, np.nan), asked) == 90
    assert dead_frames(np.zeros_like(asked), np.zeros_like(asked)) == 0


def test_a_dead_stretch_within_a_walk_is_counted() -> None:
    halting = walking()
    halting.places[100:160] = halting.places[100]
    assert dead(halting)["dead_frames"] == pytest.approx(30, abs=2)
    assert dead(walking())["dead_frames"] == 0


def test_what_is_no_figure_is_broken() -> None:
    fine = walking()
    assert broken(fine)["broken_frames"] == 0
    roots = fine.shown.roots.copy()
    roots[10:15, 0, 1] -= 0.5
    roots[20:22, 0, 1] += 3
    roots[30, 0, 0] = np.nan
    assert broken(replace(fine, shown=Motion(roots, fine.shown.rotations)))["broken_frames"] == 8
