"""Godot 3 reads the golden files: messages, proofs, and the joints of the golden session as a posed skeleton."""

import json
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest

from engine_bridge.godot.probe import run_script

GOLDEN = Path(__file__).resolve().parents[3] / "engine_bridge" / "protocol" / "golden"
MESSAGES = json.loads((GOLDEN / "messages.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What golden.gd writes."""
    out = tmp_path_factory.mktemp("golden") / "out.json"
    run_script("golden", str(GOLDEN), str(out))
    return json.loads(out.read_text(encoding="utf-8"))


def test_messages_survive_reading_and_writing(made: dict[str, Any]) -> None:
    for vector in MESSAGES["messages"]:
        written = msgpack.unpackb(bytes.fromhex(made["packed"][vector["name"]]))
        assert written == msgpack.unpackb(bytes.fromhex(vector["bytes"])), vector["name"]


def test_proofs(made: dict[str, Any]) -> None:
    assert made["proofs"] == {case["token"]: case["proof"] for case in MESSAGES["proofs"]}


def test_golden_session(made: dict[str, Any]) -> None:
    expected = np.load(GOLDEN / "session_joints.npy", allow_pickle=False)
    np.testing.assert_allclose(made["joints"], expected, atol=1e-4, rtol=0)
    events = [event["kind"] for events in made["events"] for event in events]
    assert events.count("footstep") > 10 and events.count("act_begin") == events.count("act_end") == 1
