"""Lock-step over ZeroMQ at 60 Hz against a server process; between the same ticks its floors, a bare pyzmq echo of the same bytes and
the bare ONNX run of the controller on the same batch. Before and after them the bare run alone, at 60 Hz as well: what this machine makes
of a steady load."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import zmq

from motionwire.bench.bare import bare_run
from motionwire.bench.figures import milliseconds
from motionwire.bench.page import Page
from motionwire.bench.waits import Waits, stolen_seconds
from motionwire.bundle import Bundle
from motionwire.client import Client, Crowd
from motionwire.controller.crew import Crew
from motionwire.server import messages as wire
from motionwire.server.process import ServerProcess
from motionwire.server.settings import Settings

FPS = 60
WARM_UP = 60  # ticks that are not counted
SLACK_S = 0.004  # kept free between a floor and the next tick, so that it cannot make that late
STEADY = 1 / 8  # of the measuring time, before it and after it: the bare run at 60 Hz


def measure(bundle: Bundle, characters: int, seconds: float) -> dict[str, object]:
    """ticks, missed_ticks (answered after the next tick was due); round trips of a step, of the echo, and the bare run, in ms;
    missed_in_s: how many of the run's seconds had one; above_floors: what a step takes beyond both floors' medians; tick, model: the
    server's own means, the model's runs one after another on each thread; rest_percent: of a tick, without the model; steady: of bare runs
    at 60 Hz, and how many took longer than what a step leaves to the network, or were slower than their median by what makes a step late;
    waited: how long a step's threads, of server and client, had no processor, the median of all steps and of the missed ones;
    stolen_percent: of the processors' time, by the machine's host; resident_mb: of the server."""
    threads = Settings().threads
    with ServerProcess(str(bundle.folder)) as server, Client(server.endpoint, name="motionwire bench", timeout=30) as client:
        for character in range(characters):
            client.spawn(character, position=(2.0 * (character % 40), 0.0, 2.0 * (character // 40)))
        crowd = Crowd(list(range(characters)), np.zeros((characters, 4), np.float32))
        request, answer = _sizes(client, crowd)
        with _Echo(answer) as echo:
            bare_floor = Floor(bare_run(bundle, characters, threads))
            floors = (Floor(lambda: echo.trip(bytes(request))), bare_floor)
            steady = bare_floor.steady(round(seconds * FPS * STEADY))
            run = _run(client, crowd, server, floors, round(seconds * FPS))
            page = Page(server.metrics)
            steady += bare_floor.steady(round(seconds * FPS * STEADY))
            echoes, bare = (floor.seconds or floor.steady(WARM_UP) for floor in floors)
    floor = milliseconds(echoes, 50) + milliseconds(bare, 50)
    trips, before = run.trips, run.before
    waited_missed = [wait for wait, missed in zip(run.waits, run.missed, strict=True) if missed]
    tick = page.mean_ms('motionwire_tick_seconds{mode="step"}', before)
    runs = len(Crew(threads).blocks(characters)) / Crew(threads).threads_for(characters)
    model = runs * page.mean_ms('motionwire_model_seconds{graph="controller"}', before)
    left = 1000 / FPS - (milliseconds(trips, 50) - model)
    slowed = 1000 / FPS / milliseconds(trips, 50)
    return {
        "characters": characters,
        "ticks": len(trips),
        "missed_ticks": sum(run.missed),
        "missed_in_s": len({tick // FPS for tick, missed in enumerate(run.missed) if missed}),
        "steady_runs": len(steady),
        "steady_ms_p50": milliseconds(steady, 50),
        "steady_ms_p99": milliseconds(steady, 99),
        "left_ms": round(left, 4),
        "steady_over_left": sum(1000 * run > left for run in steady),
        "slowed": round(slowed, 3),
        "steady_slowed": sum(1000 * run > slowed * milliseconds(steady, 50) for run in steady),
        "waited_ms_p50": milliseconds(run.waits, 50),
        "waited_ms_missed": milliseconds(waited_missed, 50) if waited_missed else None,
        "stolen_percent": round(run.stolen_percent, 2),
        "rtt_ms_p50": milliseconds(trips, 50),
        "rtt_ms_p99": milliseconds(trips, 99),
        "floor_rtt_ms_p50": milliseconds(echoes, 50),
        "floor_rtt_ms_p99": milliseconds(echoes, 99),
        "floor_onnx_ms_p50": milliseconds(bare, 50),
        "above_floors_ms_p50": round(milliseconds(trips, 50) - floor, 4),
        "above_floors_ms_p99": round(milliseconds(trips, 99) - floor, 4),
        "tick_ms_mean": round(tick, 4),
        "model_ms_mean": round(model, 4),
        "rest_percent": round(100 * (tick - model) / tick, 1),
        "request_bytes": request,
        "answer_bytes": answer,
        "resident_mb": round(page.resident_mb),
        "bundle": bundle.name,
    }


def _sizes(client: Client, crowd: Crowd) -> tuple[int, int]:
    """Bytes of a step and of its pose."""
    count = len(crowd.characters)
    step = wire.Step(seq=1, characters=crowd.characters, input=crowd.rows.tobytes())
    frame = client.step(crowd)
    pose = wire.Pose(
        seq=1, ts=frame.ts, characters=frame.characters, count=count, joints=frame.rotations.shape[1],
        data=bytes(4 * (3 * count + frame.rotations.size)), phase=bytes(4 * count), contacts=bytes(16 * count),
        root_delta=bytes(12 * count), root=bytes(12 * count), acting=bytes(count), events=[],
    )  # fmt: skip
    return len(wire.encode(step)), len(wire.encode(pose))


class Floor:
    """Something timed between ticks. seconds: its times."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        work()
        self._expected = self._once()  # s
        self.seconds: list[float] = []

    def fit(self, due: float) -> None:
        """Time it if that leaves the slack until `due`."""
        if due - time.perf_counter() > SLACK_S + self._expected:
            self.seconds.append(self._once())

    def steady(self, count: int) -> list[float]:
        """So many times of it alone, at 60 Hz, s."""
        due, times = time.perf_counter(), []
        for _ in range(max(count, WARM_UP)):
            times.append(self._once())
            due = _wait_until(due + 1 / FPS)
        return times

    def _once(self) -> float:
        begun = time.perf_counter()
        self._work()
        return time.perf_counter() - begun


@dataclass
class _Run:
    """Ticks at 60 Hz: the server's page when counting began; of each tick the round trip in s, whether it was missed, and how long the
    server and the client waited for a processor in it, s."""

    before: Page
    trips: list[float] = field(default_factory=list)
    missed: list[bool] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    stolen_percent: float = 0.0


def _run(client: Client, crowd: Crowd, server: ServerProcess, floors: Sequence[Floor], ticks: int) -> _Run:
    run, waits = _Run(Page(server.metrics)), Waits(server.pid, os.getpid())
    due = begun = time.perf_counter()
    stolen = stolen_seconds()
    for tick in range(-WARM_UP, ticks):
        if tick == 0:
            run.before, due, stolen = run.before.again(), time.perf_counter(), stolen_seconds()
            begun = due
            waits.since()
        _steer(crowd, tick)
        sent = time.perf_counter()
        frame = client.step(crowd)
        received = time.perf_counter()
        due += 1 / FPS
        assert len(frame.characters) == len(crowd.characters)
        if tick >= 0:
            run.trips.append(received - sent)
            run.missed.append(received > due)
            run.waits.append(waits.since())
        for floor in floors:
            floor.fit(due)
        due = _wait_until(due)
    run.stolen_percent = 100 * (stolen_seconds() - stolen) / (time.perf_counter() - begun) / (os.cpu_count() or 1)
    return run


def _wait_until(due: float) -> float:
    """Sleep until then; when the next tick begins. Who is late starts anew instead of counting one delay many times."""
    left = due - time.perf_counter()
    if left > 0:
        time.sleep(left)
    return due - min(left, 0)


def _steer(crowd: Crowd, tick: int) -> None:
    """Everyone walks, each in its own slowly turning direction."""
    angles = np.array(crowd.characters) + tick / 90
    crowd.rows[:] = np.stack((1.3 * np.sin(angles), 1.3 * np.cos(angles), np.full(len(angles), np.nan), 0 * angles), axis=1)


class _Echo:
    """The echo process and a socket to it."""

    def __init__(self, answer: int) -> None:
        command = [sys.executable, "-m", "motionwire.bench.echo", str(answer)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.DEALER)
        self._socket.connect(self._process.stdout.readline().strip())
        self.trip(b"")

    def trip(self, request: bytes) -> None:
        """One round trip."""
        self._socket.send(request)
        self._socket.recv()

    def __enter__(self) -> "_Echo":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close(linger=0)
        self._process.communicate("", timeout=10)
