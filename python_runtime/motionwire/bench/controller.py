"""What one character costs: the cast's and the controller's whole tick, beside a bare run of the network, in the same blocks of characters
and as a whole."""

import os
import subprocess
import sys
import tempfile
import time

import numpy as np

from motionwire.bench.bare import bare_run, whole_run
from motionwire.bench.figures import microseconds
from motionwire.bundle import Bundle
from motionwire.character import TICK, Cast
from motionwire.controller.controller import Controller
from motionwire.controller.intent import Intent

BATCHES = (1, 100, 1000)
ROUNDS = 5  # the measurements take turns, so that a busy machine disturbs all alike
START = "import sys, time; begun = time.perf_counter(); from motionwire.bundle import Bundle; "
START += "from motionwire.controller.controller import Controller; Controller(Bundle.load(sys.argv[1])); print(time.perf_counter() - begun)"


def measure(bundle: Bundle, characters: int | None, seconds: float, threads: int) -> dict[str, object]:
    """Figures for so many characters; None: for the largest of BATCHES, under `batches` for each, and how long starting takes with
    and without compiled code. seconds: measuring time of one batch."""
    counts = BATCHES if characters is None else (characters,)
    batches = {str(count): _batch(bundle, count, seconds, threads) for count in counts}
    figures: dict[str, object] = {"characters": counts[-1], **batches[str(counts[-1])], "batches": batches, "bundle": bundle.name}
    if characters is None:
        with tempfile.TemporaryDirectory() as cache:
            figures["first_start_s"], figures["start_s"] = _start(bundle, cache), _start(bundle, cache)
    return figures


def _batch(bundle: Bundle, count: int, seconds: float, threads: int) -> dict[str, float]:
    controller = Controller(bundle, threads=threads)
    angles = np.linspace(0, 6, count)
    move = (1.3 * np.stack((np.sin(angles), np.cos(angles)), axis=1)).astype(np.float32)
    intent = Intent(move, np.full(count, np.nan, np.float32), np.zeros(count, np.intp))
    state = controller.create(np.zeros((count, 3)), angles)
    cast = Cast(controller)
    handles = np.array([cast.spawn(np.zeros(3, np.float32), float(angle)) for angle in angles])
    cast.set_input(handles, np.concatenate((move, np.full((count, 1), np.nan), np.zeros((count, 1))), axis=1).astype(np.float32))
    jobs = {
        "floor": bare_run(bundle, count, threads),
        "whole": whole_run(bundle, count, threads),
        "controller": lambda: controller.step(state, intent),
        "cast": lambda: cast.step(handles, np.full(count, TICK)),
    }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            job()
            end = time.perf_counter() + seconds / ROUNDS / len(jobs)
            while (begun := time.perf_counter()) < end or not times[name]:
                job()
                times[name].append(time.perf_counter() - begun)
    cast.close()
    return {
        "us_per_character": microseconds(times["cast"], count),
        "controller_us_per_character": microseconds(times["controller"], count),
        "floor_us_per_character": microseconds(times["floor"], count),
        "floor_whole_us_per_character": microseconds(times["whole"], count),
        "controller_over_floor": round(float(np.median(times["controller"]) / np.median(times["floor"])), 3),
    }


def _start(bundle: Bundle, cache: str) -> float:
    """Seconds until a new process has a controller; compiled code is looked for under `cache`."""
    folders = dict.fromkeys(("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"), cache)
    done = subprocess.run(
        [sys.executable, "-c", START, bundle.folder], env={**os.environ, **folders}, check=True, capture_output=True, text=True
    )
    return round(float(done.stdout), 3)
