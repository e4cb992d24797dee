"""What one character costs: the cast's and the controller's whole tick against the bare ONNX run on the same batch."""

import time

import numpy as np

from motionwire.bench.figures import microseconds
from motionwire.bundle import Bundle
from motionwire.character import TICK, Cast
from motionwire.controller.controller import Controller
from motionwire.controller.intent import Intent

BATCHES = (1, 16, 128, 1000)
ROUNDS = 5  # the three measurements take turns, so that a busy machine disturbs all alike


def measure(bundle: Bundle, characters: int | None, seconds: float, threads: int) -> dict[str, object]:
    """Figures for so many characters; None: for the largest of BATCHES, and under `batches` for each. seconds: measuring time of one."""
    counts = BATCHES if characters is None else (characters,)
    batches = {str(count): _batch(bundle, count, seconds, threads) for count in counts}
    return {"characters": counts[-1], **batches[str(counts[-1])], "batches": batches, "bundle": bundle.name}


def _batch(bundle: Bundle, count: int, seconds: float, threads: int) -> dict[str, float]:
    controller = Controller(bundle, threads=threads)
    session = bundle.session("controller", threads)
    feed = {
        spec.name: np.zeros([count if isinstance(axis, str) else axis for axis in spec.shape], spec.dtype)
        for spec in bundle.graph("controller").inputs
    }
    names = [node.name for node in session.get_outputs()]
    angles = np.linspace(0, 6, count)
    move = (1.3 * np.stack((np.sin(angles), np.cos(angles)), axis=1)).astype(np.float32)
    intent = Intent(move, np.full(count, np.nan, np.float32), np.zeros(count, np.intp))
    state = controller.create(np.zeros((count, 3)), angles)
    cast = Cast(controller)
    handles = np.array([cast.spawn(np.zeros(3, np.float32), float(angle)) for angle in angles])
    cast.set_input(handles, np.concatenate((move, np.full((count, 1), np.nan), np.zeros((count, 1))), axis=1).astype(np.float32))
    jobs = {
        "floor": lambda: session.run(names, feed),
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
    }
