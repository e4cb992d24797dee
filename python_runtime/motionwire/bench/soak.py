"""Whether the server's memory grows while sessions come and go: each spawns, steps, acts, asks for a clip, breaks one off, and leaves."""

import time

import numpy as np

from motionwire.bench.page import Page
from motionwire.bundle import Bundle
from motionwire.client import Client, Crowd
from motionwire.server.process import ServerProcess

CHARACTERS, TICKS = 20, 60
SENTENCE = "a person walks and waves"
WARM_UP = 0.2  # share of the time before the first look: caches fill, memory pools reach their size


def measure(bundle: Bundle, seconds: float) -> dict[str, object]:
    """Sessions served in so many seconds; resident memory in MB after the warm-up, at the end and at most; growth a minute: slope of a
    line through all looks."""
    looks: list[tuple[float, float]] = []
    sessions = 0
    with ServerProcess(str(bundle.folder)) as server:
        page = Page(server.metrics)
        started = page.resident_mb
        begun = time.monotonic()
        while (gone := time.monotonic() - begun) < seconds:
            _visit(server.endpoint, sessions)
            sessions += 1
            if gone >= WARM_UP * seconds:
                looks.append((gone, page.again().resident_mb))
        after = page.again().resident_mb
    times, sizes = np.array(looks or [(seconds, after)]).T
    slope = np.polyfit(times, sizes, 1)[0] if len(times) > 1 else 0.0
    return {
        "seconds": seconds,
        "sessions": sessions,
        "resident_mb_at_start": round(started, 1),
        "resident_mb_warm": round(float(sizes[0]), 1),
        "resident_mb_at_end": round(after, 1),
        "resident_mb_max": round(float(sizes.max()), 1),
        "growth_mb": round(after - float(sizes[0]), 1),
        "growth_mb_per_min": round(float(slope) * 60, 2),
        "bundle": bundle.name,
    }


def _visit(endpoint: str, number: int) -> None:
    """One session, from hello to bye."""
    with Client(endpoint, name=f"motionwire soak {number}", timeout=30) as client:
        acts = client.welcome.models[0].acts
        for character in range(CHARACTERS):
            client.spawn(character, position=(character, 0.0, 0.0))
        crowd = Crowd(list(range(CHARACTERS)), np.tile(np.array([0, 1.3, np.nan, 0], np.float32), (CHARACTERS, 1)))
        if acts:
            client.act(number % CHARACTERS, SENTENCE, seed=number, seconds=2.0)
            client.generate(SENTENCE, seconds=0.5, seed=number)
            for _ in client.generating(SENTENCE, seconds=10.0, seed=number):
                break  # cancels it
        for _ in range(TICKS):
            client.step(crowd)
        client.despawn(0)
