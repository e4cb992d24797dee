"""A trained tokenizer from its run folder."""

from dataclasses import dataclass
from pathlib import Path

from motionwire_training.run import read_config_of, read_settings, restore_weights
from motionwire_training.tokenizer.configuration import TokenizerConfig
from motionwire_training.tokenizer.model import Tokenizer


@dataclass(frozen=True, eq=False)
class TrainedTokenizer:
    """The model in evaluation mode, without gradients, and the configuration it was trained with."""

    model: Tokenizer
    config: TokenizerConfig


def load_tokenizer(folder: str | Path) -> TrainedTokenizer:
    """Best weights of a tokenizer run; raises InputError when the folder is no such run."""
    read_config_of(folder, "tokenizer", "a tokenizer")
    config = read_settings(folder, TokenizerConfig)
    model = Tokenizer(config)
    restore_weights(model, folder)
    return TrainedTokenizer(model.eval().requires_grad_(False), config)
