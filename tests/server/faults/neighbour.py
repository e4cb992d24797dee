"""An orderly client beside the fault: whatever happens to the server, its character walks on as if nothing did."""

import struct
from typing import Any

import numpy as np
import pytest

from server_process import Raw, ServerProcess

SPEED = 1.5  # m/s
STEP = 1 / 60  # s


class Neighbour:
    """One client with one character that walks straight ahead."""

    def __init__(self, server: ServerProcess, token: str = "") -> None:
        self.raw = Raw(server.endpoint)
        self.steps = 0
        assert self.raw.hello(token=token)["t"] == "welcome"
        assert self.raw.ask(t="spawn", character=1)["t"] == "accepted"

    def walk(self, steps: int) -> None:
        """Every step is answered, in its order, with the character where it must be."""
        stick = struct.pack("<4f", 0.0, SPEED, float("nan"), 0.0)
        for _ in range(steps):
            self.steps += 1
            pose = self._answer(t="step", seq=self.steps, characters=[1], input=stick, dt=STEP)
            assert (pose["t"], pose["seq"], pose["count"]) == ("pose", self.steps, 1)
            place = np.frombuffer(pose["data"], "<f4")[:3]
            assert place == pytest.approx((0, 0.95, self.steps * SPEED * STEP), rel=1e-3, abs=1e-3)  # float32 adds up

    def _answer(self, **message: Any) -> dict[str, Any]:
        answer = self.raw.ask(**message)
        while answer["t"] == "pong":  # a full server asks who is there
            answer = self.raw.receive()
        return answer
