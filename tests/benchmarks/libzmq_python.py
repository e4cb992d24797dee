"""The Python client as a program like those of the engine clients: `bench HOST PORT CHARACTERS BEGIN TURNS` and
`reconnect HOST PORT`.

Each prints one JSON object; tests/benchmarks/bench_clients.py says what the keys are.
"""

import json
import sys
import time

import numpy as np

from motionwire.client import Client, Crowd

FPS = 60
REST_S = 2.0  # between two signs of life while others have their turns
WARM_UP, COUNTED = 10, 48  # frames of a turn of one second


def main() -> None:
    command, host, port, *more = sys.argv[1:]
    with Client(f"tcp://{host}:{port}", timeout=60) as client:
        if command == "bench":
            print(json.dumps(bench(client, int(more[0]), int(more[1]) / 1000, [float(at) for at in more[2].split(",")])), flush=True)
        else:
            print(json.dumps(reconnect(client)), flush=True)


def bench(client: Client, characters: int, begin: float, turns: list[float]) -> dict[str, object]:
    """A second at a time by turns with other programs: they begin so many s after `begin` (unix time), later by as much as the first one
    is, which is not counted."""
    for character in range(characters):
        client.spawn(character, position=(2.0 * (character % 40), 0.0, 2.0 * (character // 40)))
    trips: list[list[float]] = []
    late = max(0.0, time.time() - begin - turns[0])
    for number, at in enumerate(turns):
        rest_until(client, begin + at + late)
        trips.append(seconds_trips(client, characters, FPS * number))
    return {"rtt_ms": trips[1:], "frames": (len(turns) - 1) * COUNTED, "lost": 0, "late_s": late, "bytes_allocated_per_frame": None}


def rest_until(client: Client, when: float) -> None:
    """Keeps the session alive."""
    while (left := when - time.time()) > 0:
        if left > REST_S:
            client.ping()
        time.sleep(min(REST_S, left))


def seconds_trips(client: Client, characters: int, first: int) -> list[float]:
    """The round trips of a turn, ms."""
    trips: list[float] = []
    due = time.perf_counter()
    for tick in range(WARM_UP + COUNTED):
        angles = np.arange(characters) + 0.01 * (first + tick)
        rows = np.stack((1.3 * np.sin(angles), 1.3 * np.cos(angles), np.full(characters, np.nan), 0 * angles), axis=1)
        crowd = Crowd(list(range(characters)), rows.astype(np.float32))
        sent = time.perf_counter()
        client.step(crowd)  # raises when the frame is lost
        if tick >= WARM_UP:
            trips.append(1000 * (time.perf_counter() - sent))
        due = max(due + 1 / FPS, time.perf_counter())
        time.sleep(max(0.0, due - time.perf_counter()))
    return trips


def reconnect(client: Client) -> dict[str, object]:
    """One step takes as long as the server is away: it is the one that took longest."""
    client.spawn(1, position=(3.0, 0.0, 4.0))
    crowd = Crowd([1], np.zeros((1, 4), np.float32))
    session, before = client.welcome.session, client.step(crowd)
    while True:
        began = time.perf_counter()
        frame = client.step(crowd)
        if client.welcome.session != session:
            kept = bool(np.abs(frame.root_positions - before.root_positions).max() < 0.5)
            return {"reconnect_ms": 1000 * (time.perf_counter() - began), "characters_kept": kept}
        before = frame
        time.sleep(1 / FPS)


main()
