"""What the page is told."""

from pathlib import Path

import toy_bundle
from motionwire.broadcast.about import Leg, about
from motionwire.bundle import Bundle


def test_bundle_licence_sentences_and_script_are_told(tmp_path: Path) -> None:
    bundle = Bundle.load(str(toy_bundle.write(tmp_path / "toy")))
    told = about(bundle, ["a person bows", "a person waves", "a person bows"], [Leg(2.0, speed=1.3), Leg(1.0, acts=True)])
    assert told["bundle"] == f"toy {bundle.manifest.version}"
    assert told["licence"] == bundle.licence_line
    assert told["sentences"] == ["a person bows", "a person waves"]
    assert told["script"] == [
        {"seconds": 2.0, "speed": 1.3, "turn": 0.0, "acts": False},
        {"seconds": 1.0, "speed": 0.0, "turn": 0.0, "acts": True},
    ]
