"""A trained text-to-motion transformer from its run folder."""

from pathlib import Path

from motionwire_training.run import read_config, read_config_of, read_settings, restore_weights
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.text_to_motion.labels import names_of
from motionwire_training.text_to_motion.learned_from import check_unchanged
from motionwire_training.text_to_motion.model import TextToMotion
from motionwire_training.tokenizer.load import load_tokenizer
from motionwire_training.tokenizer.model import Tokenizer

OF_TOKENIZER = ("vectors", "goal_mean", "goal_std")


def load_text_to_motion(folder: str | Path) -> tuple[TextToMotion, Tokenizer]:
    """The model with its best weights, in evaluation mode, without gradients, and the tokenizer whose codes it speaks; raises InputError
    when the folder is no such run, or the tokenizer has been trained on since."""
    names = _names(folder)
    config = read_settings(folder, TextToMotionConfig)
    check_unchanged(Path(folder), read_config(folder), "tokenizer")
    tokenizer = load_tokenizer(config.tokenizer).model
    model = TextToMotion(config, tokenizer.quantizer.vectors, **names)
    restore_weights(model, folder)
    return model.eval().requires_grad_(False), tokenizer


def begin_from(model: TextToMotion, folder: str | Path) -> None:
    """Put the best weights of a run into a model, which may know other labels and speak the codes of another tokenizer: what follows from
    these stays the model's own."""
    names = model.sentence.names
    model.sentence.rename(**_names(folder))
    restore_weights(model, folder, leave=OF_TOKENIZER)
    model.sentence.rename(**names)


def _names(folder: str | Path) -> dict[str, list[str]]:
    return names_of(read_config_of(folder, "text-to-motion", "text-to-motion"), Path(folder) / "config.json")
