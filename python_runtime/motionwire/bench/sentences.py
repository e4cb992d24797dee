"""What a sentence costs piece by piece, each beside the bare ONNX runs of the same shapes in the same run."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from motionwire.bench.figures import milliseconds
from motionwire.bundle import Bundle
from motionwire.generator import layout
from motionwire.generator.generator import Generator
from motionwire.offline.maker import Maker
from motionwire.offline.order import Item, Order

TWENTY_WORDS = "a tired old man slowly walks forward and then turns to the left while he raises his right hand high up"
WORD_PIECES = 24  # of TWENTY_WORDS, with the text encoder's first and last
CROWD = 32
POSITIONS = 24  # of each sentence in the crowd that are timed
BARE_SLOTS = 128  # of the cache, where the graph lets them be fewer than all
RUNS = 20


def pieces(bundle: Bundle, generator: Generator, threads: int) -> dict[str, float]:
    """Medians: a sentence of 20 words until its first position may be drawn; a step of the decoder; positions in a second for 32
    sentences at once (each position is one token of all its groups); a sentence of 4 s until its BVH is on disk."""
    prefill = _median(lambda: _prefill(generator), RUNS)
    bare_prefill = _bare(bundle, "text_to_motion_prefill", 2, threads) + _bare(bundle.text_encoder(), "text_encoder", 1, threads)
    crowd = CROWD / _crowd(generator)
    bare_crowd = sum(
        times * _bare(bundle, name, rows, threads)
        for name, rows, times in (
            ("text_to_motion_step", 2 * CROWD, 1),
            ("text_to_motion_codes", 2 * CROWD, _groups(bundle)),
            ("tokenizer_decoder_step", CROWD, 1),
        )
    )
    return {
        "prefill_20_words_ms": prefill,
        "floor_prefill_20_words_ms": round(bare_prefill, 4),
        "decoder_step_ms": round(_bare(bundle, "tokenizer_decoder_step", 1, threads), 4),
        "positions_per_s_at_32": round(crowd, 1),
        "floor_positions_per_s_at_32": round(1000 * CROWD / bare_crowd, 1),
        "clip_4_s_to_bvh_ms": _clip(bundle, threads),
    }


def bare(bundle: Bundle, graph: str, rows: int) -> dict[str, np.ndarray]:
    """Inputs of a graph by name, for so many rows."""
    sizes = {"batch": rows, "slots": BARE_SLOTS}
    return {
        spec.name: np.ones([axis if isinstance(axis, int) else sizes.get(axis, WORD_PIECES) for axis in spec.shape], spec.dtype)
        for spec in bundle.graph(graph).inputs
    }


def _bare(bundle: Bundle, graph: str, rows: int, threads: int) -> float:
    session, feed = bundle.session(graph, threads), bare(bundle, graph, rows)
    return _median(lambda: session.run(None, feed), RUNS)


def _groups(bundle: Bundle) -> int:
    return int(bundle.graph("text_to_motion_codes").inputs[1].shape[1])


def _prefill(generator: Generator) -> None:
    generator.forget()  # what is kept of earlier sentences of the same length
    generator.batch(1).begin(TWENTY_WORDS, 4.0, 0, None)


def _crowd(generator: Generator) -> float:
    """Seconds that a position of all sentences takes."""
    batch = generator.batch(CROWD)
    takes = [batch.begin(TWENTY_WORDS, POSITIONS * layout.STRIDE / 30, seed, None) for seed in range(CROWD)]
    times = []
    for _ in range(POSITIONS):
        begun = time.perf_counter()
        batch.advance(takes)
        times.append(time.perf_counter() - begun)
    return float(np.median(times))


def _clip(bundle: Bundle, threads: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        maker = Maker(Order(str(bundle.folder), folder, ".bvh"), threads)

        def one() -> None:
            (outcome,) = maker.make([Item("bench", [("a person walks forward", 4.0)], 0, "clip")], 1)
            assert (Path(folder) / outcome.file).is_file(), outcome.error

        return _median(one, 5)


def _median(work: Callable[[], object], runs: int) -> float:
    """ms, after one run that is not counted."""
    work()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return milliseconds(times, 50)
