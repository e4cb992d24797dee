"""What a clip shows and how it is done, by one name each: labels that mean the same are one.

Bandai Namco's two sets call the same styles by other names (old and elderly), and CMU's notes are finer than what is done.
"""

from collections.abc import Mapping
from typing import Any

from motionwire_training.data.captions import content_of, mirror_caption

STYLES = {"masculinity": "masculine", "old": "elderly", "tired": "exhausted", "acted": "", "genuine": ""}
PLAIN = ("", "normal")  # a sentence without a word for the style fits these


def content_label(labels: Mapping[str, Any], mirrored: bool = False) -> str:
    """What is done; a mirrored clip does it on the other side. "" where the labels do not say."""
    content = content_of(labels)
    return mirror_caption(content) if mirrored else content


def style_label(style: str) -> str:
    """How it is done; "" where the labels do not say."""
    return STYLES.get(style, style)


def may_fit(content: str, style: str, other_content: str, other_style: str) -> bool:
    """Whether a sentence for one label may be true of a clip of the other."""
    return content == other_content and (style == other_style or style in PLAIN or other_style in PLAIN)
