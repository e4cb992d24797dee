"""Which weights of other runs a text-to-motion learned from: trained on since, a tokenizer has other codes under the same numbers, and a
text encoder says the same sentence by another vector."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from motionwire.errors import InputError
from motionwire_training.run import weights_digest
from motionwire_training.text_encoder.encoder import trained_weights

LEARNED_FROM = "learned_from"  # in config.json: the digest of each of these, as they were at the run's first start
DIGESTS = {"tokenizer": weights_digest, "text_encoder": trained_weights}  # by the setting that names the run


def learned_from(settings: Mapping[str, Any]) -> dict[str, str]:
    """Digest of what each of DIGESTS names; settings: a configuration as config.json has it."""
    return {name: digest(settings[name]) for name, digest in DIGESTS.items()}


def check_unchanged(run: Path, told: Mapping[str, Any], *names: str) -> None:
    """Raises InputError where what the settings `names` name has been trained on since `run` began; told: its config.json. A run of a
    version that did not write digests passes."""
    for name in names:
        place, before = told["config"][name], told.get(LEARNED_FROM, {}).get(name)
        if before is not None and before != DIGESTS[name](place):
            raise InputError(f"has been trained on since {run} learned from it; train text-to-motion anew on it", place)
