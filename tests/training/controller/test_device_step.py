"""A whole training step runs on the device alone, so that a GPU need not wait for the host and the step can be captured as a CUDA graph."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from motionwire_training.configuration import load_config
from motionwire_training.controller import strategies, train
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.data import Epochs, Windows
from motionwire_training.controller.model import build
from motionwire_training.controller.preparation import prepare
from motionwire_training.loop import Moment
from training.controller.tiny_data import write_dataset
from training.device_step import check_step


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("device_step") / "data")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("architecture", "strategy"), [("film", "shares"), ("pfnn", "shares"), ("film", "uncertainty"), ("film", "dwa")])
def test_no_step_of_any_stage_waits_for_the_host(architecture: str, strategy: str, data: Path) -> None:
    words = [f"data={data}", "out=o", "licence=free", "batch_size=64", "hidden=16", "threads=1", "bf16=false", "transitions=4", "steps=100"]
    words += ["time_scales=[1.0]", f"architecture={architecture}", f"balance.strategy={strategy}"]
    config = load_config("controller", ControllerConfig, words)
    windows = Windows(prepare(config, "train", "test"), config)
    network = build(config, len(windows.frames.styles))
    network.set_normalisation(windows.statistics())
    weighting = strategies.build(config.balance, 3)
    step_losses = train.step_losses(windows, network, weighting, config)
    pupil = train.Pupil(network, config)
    chosen = list(Epochs(windows, config, config.steps)(0))
    for step in (0, 15, 99):  # one ahead, free with teacher forcing, free on its own poses alone

        def loss(step: int = step) -> Tensor:
            return step_losses(pupil, chosen[step], Moment(step, torch.zeros(())))["loss"]

        check_step(loss)
    assert all(torch.isfinite(value).all() for value in weighting.state_dict().values())
