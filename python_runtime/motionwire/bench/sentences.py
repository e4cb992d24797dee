"""What a sentence costs piece by piece, each beside the bare ONNX runs of the same shapes in the same run."""

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from motionwire.bench.figures import milliseconds
from motionwire.bundle import Bundle
from motionwire.generator import layout
from motionwire.generator.batch import ROWS
from motionwire.generator.generator import Generator
from motionwire.generator.sentences import read_tokenizer
from motionwire.offline.maker import Maker
from motionwire.offline.order import Item, Order

TWENTY_WORDS = "a tired old man slowly walks forward and then turns to the left while he raises his right hand high"
CLIP = "a person walks forward"
CROWD = 32
POSITIONS = 24  # of each sentence in the crowd that are timed
CLIP_POSITIONS = 30  # of a clip of 4 s
HELD = 32  # positions and words in a row's cache in a bare run: about the mean of a sentence's two rows over 4 s
RUNS = 20


def pieces(bundle: Bundle, generator: Generator, threads: int, streamed: Sequence[str]) -> dict[str, float]:
    """Medians: a sentence of 20 words until its first position may be drawn; a step of the decoder; positions in a second for 32
    sentences at once (each position is one token of all its groups); a sentence of 4 s until its BVH is on disk. The floor of a stream's
    first frames is that of the sentences `streamed`, which are timed elsewhere."""
    prefill = _median(lambda: _prefill(generator), RUNS)
    crowd = CROWD / _crowd(generator)
    clip = _clip(bundle, threads)
    prefill_alone = _bare(bundle, "text_to_motion_prefill", ROWS, threads)
    bare_prefill, bare_clip, *bare_streamed = (
        prefill_alone + _bare(bundle.text_encoder(), "text_encoder", 1, threads, tokens_of(bundle, sentence))
        for sentence in (TWENTY_WORDS, CLIP, *streamed)
    )
    position = bare_position(bundle, 1, threads)
    return {
        "prefill_20_words_ms": prefill,
        "floor_prefill_20_words_ms": round(bare_prefill, 4),
        "floor_ms_per_token": round(position, 4),
        "floor_first_frame_ms": round(float(np.median(bare_streamed)) + position, 4),
        "decoder_step_ms": round(_bare(bundle, "tokenizer_decoder_step", 1, threads), 4),
        "positions_per_s_at_32": round(crowd, 1),
        "floor_positions_per_s_at_32": round(1000 * CROWD / bare_position(bundle, CROWD, threads), 1),
        "clip_4_s_to_bvh_ms": clip,
        "floor_clip_4_s_to_bvh_ms": round(bare_clip + CLIP_POSITIONS * position, 4),
    }


def tokens_of(bundle: Bundle, sentence: str) -> int:
    """What the text encoder cuts a sentence into, with its first and last token."""
    return len(read_tokenizer(bundle).encode(sentence).ids)


def bare_position(bundle: Bundle, sentences: int, threads: int) -> float:
    """ms that the graphs' bare runs take for one position of so many sentences: two rows of the network each, one of the decoder."""
    step, codes = (_bare(bundle, f"text_to_motion_{name}", ROWS * sentences, threads) for name in ("step", "codes"))
    return step + _groups(bundle) * codes + _bare(bundle, "tokenizer_decoder_step", sentences, threads)


def _bare(bundle: Bundle, graph: str, rows: int, threads: int, tokens: int = 0) -> float:
    """ms of a graph's bare run for so many rows, of so many tokens each where it reads any; the step's caches are changed in place, as the
    runtime has it."""
    session, sizes = bundle.session(graph, threads), {"batch": rows, "tokens": tokens}
    feed = {
        spec.name: np.full(
            [axis if isinstance(axis, int) else sizes[axis] for axis in spec.shape],
            HELD if spec.name == "length" else 1,
            spec.dtype,
        )
        for spec in bundle.graph(graph).inputs
    }
    binding = session.io_binding()
    for name, value in feed.items():
        binding.bind_cpu_input(name, value)
    for node in session.get_outputs():
        place = feed.get(node.name.removeprefix("next_")) if graph == "text_to_motion_step" else None
        if place is None:
            binding.bind_output(node.name, "cpu")
        else:
            binding.bind_output(node.name, "cpu", 0, np.float32, place.shape, place.ctypes.data)
    return _median(lambda: session.run_with_iobinding(binding), RUNS)


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
            (outcome,) = maker.make([Item("bench", [(CLIP, 4.0)], 0, "clip")], 1)
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
