"""Lock-step over ZeroMQ at 60 Hz against a server process, and a bare pyzmq echo of the same bytes between the same ticks."""

import math
import subprocess
import sys
import time

import zmq

from motionwire.bench.figures import milliseconds
from motionwire.client import Client, PoseFrame, Stick
from motionwire.server import messages as wire
from motionwire.server.process import ServerProcess

FPS = 60
WARM_UP = 60  # ticks that are not counted


def measure(bundle: str, characters: int, seconds: float) -> dict[str, object]:
    """ticks, missed_ticks (answered after the next tick was due), round trips of a step and of the echo in ms."""
    with ServerProcess(bundle) as server, Client(server.endpoint, name="motionwire bench", timeout=30) as client:
        for character in range(characters):
            client.spawn(character, position=(2.0 * (character % 40), 0.0, 2.0 * (character // 40)))
        request, answer = _sizes(client, characters)
        with _Echo(answer) as echo:
            trips, floors, missed = _run(client, echo, characters, bytes(request), round(seconds * FPS))
    return {
        "characters": characters,
        "ticks": len(trips),
        "missed_ticks": missed,
        "rtt_ms_p50": milliseconds(trips, 50),
        "rtt_ms_p99": milliseconds(trips, 99),
        "floor_rtt_ms_p50": milliseconds(floors, 50),
        "floor_rtt_ms_p99": milliseconds(floors, 99),
        "request_bytes": request,
        "answer_bytes": answer,
        "bundle": client.welcome.models[0].name,
    }


def _sizes(client: Client, characters: int) -> tuple[int, int]:
    """Bytes of a step and of its pose."""
    step = wire.Step(seq=1, characters=list(range(characters)), input=bytes(16 * characters))
    frame = client.step(_sticks(characters, 0))
    pose = wire.Pose(
        seq=1, ts=frame.ts, characters=frame.characters, count=characters, joints=frame.rotations.shape[1],
        data=bytes(4 * (3 * characters + frame.rotations.size)), phase=bytes(4 * characters), contacts=bytes(16 * characters),
        root_delta=bytes(12 * characters), acting=bytes(characters), events=[],
    )  # fmt: skip
    return len(wire.encode(step)), len(wire.encode(pose))


def _sticks(characters: int, tick: int) -> dict[int, Stick]:
    """Everyone walks, each in its own slowly turning direction."""
    return {c: Stick(move=(1.3 * math.sin(c + tick / 90), 1.3 * math.cos(c + tick / 90))) for c in range(characters)}


def _run(client: Client, echo: "_Echo", characters: int, request: bytes, ticks: int) -> tuple[list[float], list[float], int]:
    trips, floors, missed = [], [], 0
    due = time.perf_counter()
    for tick in range(-WARM_UP, ticks):
        sticks = _sticks(characters, tick)
        sent = time.perf_counter()
        frame: PoseFrame = client.step(sticks)
        received = time.perf_counter()
        due += 1 / FPS
        assert len(frame.characters) == characters
        if tick >= 0:
            trips.append(received - sent)
            missed += received > due
        if due - time.perf_counter() > 0.004:  # only where it cannot make the next tick late
            floors.append(echo.trip(request))
        left = due - time.perf_counter()
        if left > 0:
            time.sleep(left)
        else:
            due -= left  # late: start anew instead of counting one delay many times
    return trips, floors or [echo.trip(request) for _ in range(WARM_UP)], missed


class _Echo:
    """The echo process and a socket to it."""

    def __init__(self, answer: int) -> None:
        command = [sys.executable, "-m", "motionwire.bench.echo", str(answer)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.DEALER)
        self._socket.connect(self._process.stdout.readline().strip())
        self.trip(b"")

    def trip(self, request: bytes) -> float:
        """One round trip, s."""
        sent = time.perf_counter()
        self._socket.send(request)
        self._socket.recv()
        return time.perf_counter() - sent

    def __enter__(self) -> "_Echo":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close(linger=0)
        self._process.communicate("", timeout=10)
