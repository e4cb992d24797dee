"""What the page tells of the bundle and plays by itself: the viewer's about.json."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from motionwire.bundle import Bundle


@dataclass(frozen=True)
class Leg:
    """A part of the scripted stick: seconds, speed in m/s, turn in rad/s; acts: a sentence begins with it."""

    seconds: float
    speed: float = 0.0
    turn: float = 0.0
    acts: bool = False


def about(bundle: Bundle, sentences: Sequence[str], script: Sequence[Leg]) -> dict[str, object]:
    """sentences: suggested to the user, and acted in turn by the script; one that occurs twice counts once."""
    manifest = bundle.manifest
    return {
        "bundle": f"{manifest.name} {manifest.version}".strip(),
        "licence": bundle.licence_line,
        "sentences": list(dict.fromkeys(sentences)),
        "script": [asdict(leg) for leg in script],
    }
