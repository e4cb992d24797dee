"""Settings as `key=value` words in the grammar of `configuration.load_config` (Hydra's)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from motionwire_training.configuration import TrainingConfig

PLAIN = re.compile(r"[\w./-]+", re.ASCII)


def word(key: str, value: Any) -> str:
    """One setting."""
    return f"{key}={_text(value)}"


def rounded(value: Any) -> Any:
    """A float to four digits that count, which is as many as one wants to paste."""
    return float(f"{value:.4g}") if isinstance(value, float) else value


def differences(config: TrainingConfig, recipe: TrainingConfig) -> list[str]:
    """The words that turn `recipe` into `config`."""
    return _differences(asdict(config), asdict(recipe))


def _differences(mine: Mapping[str, Any], theirs: Mapping[str, Any], path: str = "") -> list[str]:
    words: list[str] = []
    for key, value in mine.items():
        if value == theirs[key]:
            continue
        words += _differences(value, theirs[key], f"{path}{key}.") if isinstance(value, dict) else [word(f"{path}{key}", value)]
    return words


def _text(value: Any) -> str:
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{key}:{_text(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, str):
        return value if PLAIN.fullmatch(value) else _quoted(value)
    if isinstance(value, Sequence):
        return f"[{','.join(map(_text, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(text: str) -> str:
    """In double quotes; backslashes count only where a quote follows them."""
    return '"' + re.sub(r'(\\*)("|$)', lambda found: found[1] * 2 + ('\\"' if found[2] else ""), text) + '"'
