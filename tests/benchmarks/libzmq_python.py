"""The Python client as a program like those of the engine clients: `bench HOST PORT CHARACTERS SECONDS`, `reconnect HOST PORT`.

Each prints one JSON object; tests/benchmarks/bench_clients.py says what the keys are.
"""

import json
import sys
import time

import numpy as np

from motionwire.client import Client, Crowd

FPS = 60
WARM_UP = 60  # frames that are not counted


def main() -> None:
    command, host, port, *more = sys.argv[1:]
    with Client(f"tcp://{host}:{port}", timeout=60) as client:
        if command == "bench":
            print(json.dumps(bench(client, int(more[0]), float(more[1]))), flush=True)
        else:
            print(json.dumps(reconnect(client)), flush=True)


def bench(client: Client, characters: int, seconds: float) -> dict[str, object]:
    for character in range(characters):
        client.spawn(character, position=(2.0 * (character % 40), 0.0, 2.0 * (character // 40)))
    angles = np.arange(characters)
    rows = np.stack((1.3 * np.sin(angles), 1.3 * np.cos(angles), np.full(characters, np.nan), 0 * angles), axis=1)
    crowd = Crowd(list(range(characters)), rows.astype(np.float32))
    trips: list[float] = []
    due = time.perf_counter()
    for tick in range(-WARM_UP, round(seconds * FPS)):
        sent = time.perf_counter()
        client.step(crowd)  # raises when the frame is lost
        if tick >= 0:
            trips.append(1000 * (time.perf_counter() - sent))
        due = max(due + 1 / FPS, time.perf_counter())
        time.sleep(max(0.0, due - time.perf_counter()))
    return {"rtt_ms": trips, "frames": len(trips), "lost": 0, "bytes_allocated_per_frame": None}


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
