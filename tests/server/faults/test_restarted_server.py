"""A server that is killed and started again under a live client: the client is back within a second, and its characters too."""

import statistics
import time

import numpy as np

from motionwire.client import Client, Stick
from server_process import ServerProcess

CHARACTERS = 50
TIMES = 3


def work(endpoint: str, sticks: dict[int, Stick]) -> float:
    """How long a new client takes for the same, s: what a busy machine adds."""
    began = time.monotonic()
    with Client(endpoint, timeout=60.0) as other:
        for character in sticks:
            other.spawn(character)
        other.step(sticks)
        return time.monotonic() - began


def test_killed_and_restarted() -> None:
    """Within a second in most of a few restarts, beside what the work itself takes here: any one of them may meet with another program."""
    server = ServerProcess()
    port = int(server.endpoint.rsplit(":", 1)[1])
    sticks = {character: Stick(move=(0.0, 1.5)) for character in range(CHARACTERS)}
    took = []
    with Client(server.endpoint, timeout=60.0) as client:
        for character in sticks:
            client.spawn(character, position=(float(character), 0.5, 0.0))
        try:
            for _ in range(TIMES):
                for _ in range(30):
                    before = client.step(sticks)
                server.kill()
                server = ServerProcess(port)
                began = time.monotonic()
                after = client.step(sticks)
                back = time.monotonic() - began
                took.append(back - work(server.endpoint, sticks))
                assert after.characters == before.characters
                np.testing.assert_allclose(after.root_positions, before.root_positions, atol=0.1)
        finally:
            server.close()
    assert statistics.median(took) < 1.0, took


def test_killed_and_restarted_under_a_stream() -> None:
    server = ServerProcess()
    port = int(server.endpoint.rsplit(":", 1)[1])
    with Client(server.endpoint, timeout=60.0) as client:
        client.spawn(7, position=(3.0, 0.0, 0.0))
        client.subscribe(fps=60, credit=4)
        frames = client.frames()
        before = next(frames)
        server.kill()
        server = ServerProcess(port)
        try:
            after = [next(frames) for _ in range(20)][-1]
            assert after.characters == [7] and after.ts > before.ts
            np.testing.assert_allclose(after.root_positions, before.root_positions, atol=0.1)
        finally:
            server.close()
