"""A model that returns NaN for one character: it holds its pose and says so once, all others go on; and it walks again after."""

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from server.faults.neighbour import Neighbour
from server_process import Raw, ServerProcess

WALKS, BROKEN = 0.0, 1.0  # styles of the fake controller


def step(client: Raw, style: float) -> dict[str, Any]:
    """Characters 1 (in this style) and 2 walk on by a step."""
    rows = struct.pack("<8f", 0.0, 1.5, float("nan"), style, 0.0, 1.5, float("nan"), WALKS)
    return client.ask(t="step", seq=1, characters=[1, 2], input=rows)


def depths(pose: dict[str, Any]) -> np.ndarray:
    data = np.frombuffer(pose["data"], "<f4").reshape(2, -1)
    assert np.isfinite(data).all()
    return data[:, 2]


def test_the_pose_is_held_and_told(server: ServerProcess, raw: Callable[[ServerProcess], Raw], neighbour: Neighbour) -> None:
    client = raw(server)
    client.hello()
    for character in (1, 2):
        client.ask(t="spawn", character=character)
    for _ in range(30):
        before = depths(step(client, WALKS))
    told = []
    for _ in range(30):
        pose = step(client, BROKEN)
        told += [event for event in pose["events"] if event["kind"] == "fault"]
        neighbour.walk(1)
    assert [(event["character"], "not finite" in event["message"]) for event in told] == [(1, True)]
    np.testing.assert_allclose(depths(pose) - before, (0.0, 30 * 1.5 / 60), atol=1e-3)
    for _ in range(60):
        after = depths(step(client, WALKS))
    np.testing.assert_allclose(after - before, (60 * 1.5 / 60, 90 * 1.5 / 60), atol=0.05)


def test_a_sentence_of_nan_fails_and_the_walk_goes_on(
    server: ServerProcess, raw: Callable[[ServerProcess], Raw], neighbour: Neighbour
) -> None:
    client = raw(server)
    client.hello()
    for character in (1, 2):
        client.ask(t="spawn", character=character)
    client.ask(t="act", character=1, text="nan", ref=5)
    told: list[str] = []
    for _ in range(2000):
        pose = step(client, WALKS)
        depths(pose)
        told += [event["kind"] for event in pose["events"] if event.get("ref") == 5]
        neighbour.walk(1)
        if "act_failed" in told:
            break
    assert told[-1] == "act_failed"
    before = depths(step(client, WALKS))
    for _ in range(60):
        after = depths(step(client, WALKS))
    assert after[0] > before[0] + 0.5
