"""A training step of the tokenizer runs on the device alone, so that it can be recorded as a CUDA graph."""

import torch
from torch import Tensor

from motionwire.motion import features
from motionwire_training.configuration import load_config
from motionwire_training.tokenizer.configuration import TokenizerConfig
from motionwire_training.tokenizer.losses import reconstruction_losses
from motionwire_training.tokenizer.model import Tokenizer
from motionwire_training.tokenizer.train import usage
from training.device_step import check_step


def test_no_step_waits_for_the_host() -> None:
    words = ["data=d", "out=o", "licence=free", "width=32", "window=32"]
    config = load_config("tokenizer", TokenizerConfig, words)
    model = Tokenizer(config)
    values, spread, done = torch.randn(2, config.window, features.DIM), torch.ones(features.DIM), torch.tensor(0.1)

    def loss() -> Tensor:
        found, codes, own = model(values)
        return reconstruction_losses(found, values, spread, config.loss, done)["loss"] + own + 0 * usage(codes, config.codes)

    check_step(loss)


def test_usage_counts_each_group_by_itself() -> None:
    codes = torch.tensor([[[0, 1], [0, 2]], [[3, 1], [0, 0]]])
    assert float(usage(codes, 4)) == (2 / 4 + 3 / 4) / 2
