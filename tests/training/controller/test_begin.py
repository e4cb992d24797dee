"""A controller that begins from another one's weights: the same function on its own normalisation, styles by their names."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from motionwire.controller import layout
from motionwire.errors import InputError
from motionwire_training.configuration import load_config
from motionwire_training.controller.begin import carry_over
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.model import ControllerNetwork, build
from motionwire_training.controller.train import main
from training.controller.tiny_data import write_dataset

OLD, NEW = ("neutral", "proud", "tired"), ("neutral", "sneaking", "tired")
CONFIG = ControllerConfig(data="d", out="o", licence="free", hidden=16)


def network(config: ControllerConfig, styles: tuple[str, ...], seed: int) -> ControllerNetwork:
    """A network with random weights and normalisation."""
    torch.manual_seed(seed)
    made = build(config, len(styles)).eval()
    for name, value in made.state_dict().items():
        value.add_(0.05 * torch.randn_like(value))
        if name.endswith("_std"):
            value.uniform_(0.1, 0.4)
    made.pose_low.copy_(made.pose_mean - 20)
    made.pose_high.copy_(made.pose_mean + 20 + seed)
    return made


@pytest.mark.parametrize("architecture", ["film", "pfnn"])
def test_the_new_network_is_the_old_function(architecture: str) -> None:
    config = replace(CONFIG, architecture=architecture)
    old, new = network(config, OLD, 1), network(replace(config, pose_influence=0.5), NEW, 2)
    carry_over(old, OLD, new, NEW)
    torch.manual_seed(3)
    inputs = [torch.randn(5, size) for size in (layout.POSE, layout.TRAJECTORY, len(layout.GAITS))]
    phase = torch.rand(5, 1) * 6
    for style, before in ((0, 0), (1, 0), (2, 2)):  # sneaking, which is new, begins as neutral
        here, there = (torch.eye(3)[index].expand(5, 3) for index in (style, before))
        for found, wanted in zip(new(*inputs, here, phase), old(*inputs, there, phase), strict=True):
            torch.testing.assert_close(found, wanted, atol=2e-4, rtol=1e-4)
    assert (new.pose_high >= old.pose_high).all()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_training_goes_on_from_another_run(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    words = [f"data={data}", "licence=free", "batch_size=64", "hidden=16", "warmup=2", "threads=1", "bf16=false", "transitions=4"]
    words += ["time_scales=[1.0]", "validate_every=20"]
    main(load_config("controller", ControllerConfig, [*words, f"out={tmp_path / 'first'}", "steps=20"]))
    begun = [*words, f"begin_from={tmp_path / 'first'}", "learning_rate=1e-9", "steps=1"]
    main(load_config("controller", ControllerConfig, [*begun, f"out={tmp_path / 'second'}"]))
    first, second = (json.loads((tmp_path / run / "metrics.json").read_text()) for run in ("first", "second"))
    assert second["free_geo_deg"] == pytest.approx(first["free_geo_deg"], abs=0.01)
    wider = [word for word in begun if word != "hidden=16"]
    with pytest.raises(InputError, match="has hidden=16, this training 512"):
        main(load_config("controller", ControllerConfig, [*wider, f"out={tmp_path / 'third'}"]))
    assert not (tmp_path / "third").exists()
