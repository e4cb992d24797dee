"""What the page is told."""

from pathlib import Path

import numpy as np
import pytest

import toy_bundle
from motionwire.broadcast.about import Leg, about, standing
from motionwire.bundle import Bundle
from motionwire.motion.kinematics import forward_kinematics
from motionwire.motion.skeleton import REFERENCE


def test_bundles_licences_sentences_script_and_figure_are_told(tmp_path: Path) -> None:
    bundle = Bundle.load(toy_bundle.write(tmp_path / "toy"))
    told = about(bundle, [], ["a person bows", "a person waves", "a person bows"], [Leg(2.0, speed=1.3), Leg(1.0, acts=True)])
    assert told["bundle"] == "toy"
    assert told["bundles"] == [{"name": "toy", "version": bundle.manifest.version, "licence": bundle.licence_line}]
    assert told["sentences"] == ["a person bows", "a person waves"]
    assert told["script"] == [
        {"seconds": 2.0, "speed": 1.3, "turn": 0.0, "acts": False},
        {"seconds": 1.0, "speed": 0.0, "turn": 0.0, "acts": True},
    ]
    assert told["skeleton"]["names"] == bundle.skeleton.names  # type: ignore[index]
    assert len(about(bundle, [bundle], [], [])["bundles"]) == 2  # type: ignore[arg-type]


def test_the_first_figure_stands_with_its_arms_down() -> None:
    pose = np.array(standing(REFERENCE))
    positions, _ = forward_kinematics(REFERENCE, pose[3:].reshape(-1, 4), pose[:3])
    height = dict(zip(REFERENCE.names, positions[:, 1], strict=True))
    assert height["left_ankle"] == pytest.approx(REFERENCE.offsets[[0, 1, 4, 7], 1].sum(), abs=1e-6)
    assert height["left_wrist"] == pytest.approx(height["right_wrist"]) and height["left_wrist"] < height["pelvis"] + 0.05
