"""What a clip's labels say that it shows: locomotion, standing, or neither, however their author wrote it."""

import re
from collections.abc import Mapping
from typing import Literal

Kind = Literal["locomotion", "standing", ""]

WHO = r"(?:(?:a |an |the |some)?(?:person|man|woman|character|figure|someone|somebody|one|he|she|they) (?:is )?)?"
HOW = r"(?:(?:slow|brisk|fast|quick|normal|steady|forward|backward|sideway|side|straight)(?:ly|s)? )*"
LOCOMOTION = re.compile(rf"{WHO}{HOW}(?:walk|run|dash|jog|sprint|strafe|sidestep|navigate|stride)")
OTHERWISE = re.compile(r"\b(?:jump|leap|hop|skip|sit|lie|lying|kneel|crouch|crawl|fall|roll|flip|kick|punch|throw|pick|danc)")
UNEVEN = re.compile(r"uneven|stairs|climb")  # feet at heights that a flat ground does not explain
WITH_STANDING = re.compile(rf"{WHO}(?:idl|stand|raise|wav|bow|bye|guide|call|respond)")  # gestures begin and end standing


def action_of(labels: Mapping[str, object]) -> str:
    """What is done in a clip: its content label, or else its description."""
    return str(labels.get("content") or labels.get("description") or "")


def kind_of_action(labels: Mapping[str, object]) -> Kind:
    """Locomotion on level ground and nothing else, something that begins and ends standing, or neither."""
    text, about = (re.sub(r"[\s_-]+", " ", said).strip().casefold() for said in (action_of(labels), str(labels.get("description") or "")))
    if UNEVEN.search(f"{text} {about}"):
        return ""
    if LOCOMOTION.match(text):
        return "" if OTHERWISE.search(text) else "locomotion"
    return "standing" if WITH_STANDING.match(text) else ""
