"""The floor of a controller: its graph alone, run for as many characters, in the same blocks on as many threads."""

from collections.abc import Callable

import numpy as np

from motionwire.bundle import Bundle
from motionwire.controller.crew import Crew


def zeros(bundle: Bundle, graph: str, rows: int) -> dict[str, np.ndarray]:
    """Inputs of a graph by name, every axis of free length `rows` long."""
    return {
        spec.name: np.zeros([rows if isinstance(axis, str) else axis for axis in spec.shape], spec.dtype)
        for spec in bundle.graph(graph).inputs
    }


def bare_run(bundle: Bundle, count: int, threads: int) -> Callable[[], object]:
    """Runs the controller's graph for `count` characters."""
    session, feed, crew = bundle.session("controller"), zeros(bundle, "controller", count), Crew(threads)
    blocks = crew.blocks(count)
    return lambda: crew.work(lambda rows: session.run(None, {name: value[rows] for name, value in feed.items()}), blocks)


def whole_run(bundle: Bundle, count: int, threads: int) -> Callable[[], object]:
    """The same in one run on onnxruntime's own threads."""
    session, feed = bundle.session("controller", threads), zeros(bundle, "controller", count)
    return lambda: session.run(None, feed)
