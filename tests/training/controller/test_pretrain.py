"""The motion encoder's first lesson: it alone learns, and only the FiLM trunk has one."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from motionwire.errors import InputError
from motionwire_training.controller.clips import Take
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.data import Windows
from motionwire_training.controller.frames import encode_take, read_frames, write_frames
from motionwire_training.controller.model import build
from motionwire_training.controller.pretrain import NOISE, pretrain
from synthetic import walking_clip


def test_the_encoder_alone_learns_to_see_through_noise(tmp_path: Path) -> None:
    config = ControllerConfig(data="d", out="o", licence="free", hidden=4, pretrain_steps=100, learning_rate=3e-3)
    walk = encode_take(Take(walking_clip(3.0, fps=60.0), "neutral", False))
    write_frames([("neutral", walk)], tmp_path / "frames", ("neutral",))
    windows = Windows(read_frames(tmp_path / "frames"), config)
    torch.manual_seed(0)
    network = build(config, 1)
    network.set_normalisation(windows.statistics())
    before = {name: value.clone() for name, value in network.state_dict().items()}
    pose = (torch.from_numpy(np.array(windows.frames.columns["poses"])) - network.pose_mean) / network.pose_std
    noisy = (pose + NOISE * torch.randn_like(pose)) * network.pose_influence

    def lost() -> float:
        """Share of the true poses' variance that the best linear decoder misses in what the encoder makes of noisy ones."""
        with torch.no_grad():
            seen = torch.cat((F.elu(network.trunk.encoder(noisy)), torch.ones(len(noisy), 1)), dim=1)
        rest = pose - seen @ torch.linalg.lstsq(seen, pose).solution
        return float(rest.square().sum() / (pose - pose.mean(0)).square().sum())

    untrained = lost()
    pretrain(network, windows, config)
    changed = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {"trunk.encoder.weight", "trunk.encoder.bias"}
    assert lost() < 0.5 * untrained


def test_the_phase_functioned_trunk_has_no_encoder_to_teach() -> None:
    with pytest.raises(InputError, match="pretrain_steps needs architecture film, not pfnn"):
        ControllerConfig(data="d", out="o", licence="free", architecture="pfnn", pretrain_steps=5)
