"""How quickly sentences become motion: one alone beside the bare ONNX runs of the same shapes, many at once, and acted over the wire."""

import threading
import time
from collections.abc import Iterator

import numpy as np

from motionwire.acting import PROMPT, Act
from motionwire.bench.figures import milliseconds
from motionwire.bench.line import Line, rows
from motionwire.bench.page import Page
from motionwire.bench.sentences import pieces
from motionwire.bundle import Bundle
from motionwire.client import Client, Crowd, PoseFrame
from motionwire.generator.generator import Generator
from motionwire.generator.scheduler import Scheduler
from motionwire.motion.features import FPS
from motionwire.motion.skeleton import REFERENCE
from motionwire.server.process import ServerProcess

SENTENCES = ("a person walks forward", "someone waves with the right hand", "a man runs and turns left", "she dances")
CROWDS = (1, 16)
TICK = 1 / 60
ROUNDS = 6  # acts of each character over the wire
STILL = 1e-7  # a pose that differs less from the one before is the same one, held


def measure(bundle: Bundle, seconds: float, threads: int) -> dict[str, object]:
    """Medians over SENTENCES of `seconds` of motion each; `lines`: the figures that something was asked of; `together`: many in the
    scheduler at once; `acting`: over the wire at 60 Hz."""
    generator = Generator(bundle, threads=threads)
    for _ in generator.stream(SENTENCES[0], seconds=1.0):
        pass
    single = {**_alone(generator, seconds), **pieces(bundle, generator, threads, SENTENCES)}
    return {
        "lines": rows(lines(single)),
        "sentences": len(SENTENCES),
        "seconds": seconds,
        **single,
        "threads": threads,
        "together": {str(count): _together(generator, count, seconds) for count in CROWDS},
        "acting": {str(count): _acting(bundle, count, seconds) for count in CROWDS},
        "bundle": bundle.name,
    }


def lines(figures: dict[str, float]) -> list[Line]:
    """What was asked of one sentence and of 32 at once, each beside the bare runs of the graphs. A token is a position of all its codes."""

    def line(name: str, figure: str, unit: str, asked: float, least: bool = False) -> Line:
        floor = figures.get(f"floor_{figure}")
        return Line(name, unit, figures[figure], asked, "" if floor is None else f"bare graphs {floor} {unit}", least)

    return [
        line("prefill of a sentence of 20 words with the text encoder", "prefill_20_words_ms", "ms", 40),
        line("a token (a position of 133 ms of motion), one sentence", "ms_per_token", "ms", 2.5),
        line("tokens in a second, 32 sentences at once", "positions_per_s_at_32", "", 2000, least=True),
        line("decoder, one step (the bare graph)", "decoder_step_ms", "ms", 2),
        line("first frames of a stream", "first_frame_ms", "ms", 100),
        line("four seconds from the sentence to a BVH file", "clip_4_s_to_bvh_ms", "ms", 400),
    ]


def _alone(generator: Generator, seconds: float) -> dict[str, float]:
    first: list[float] = []
    per_token: list[float] = []
    ratios: list[float] = []
    for seed, sentence in enumerate(SENTENCES):
        begun = time.perf_counter()
        times, frames = [], 0
        for chunk in generator.stream(sentence, seconds=seconds, seed=seed):
            times.append(time.perf_counter())
            frames += len(chunk)
        first.append(times[0] - begun)
        per_token.extend(np.diff(times))
        ratios.append(frames / FPS / (times[-1] - begun))
    return {
        "first_frame_ms": milliseconds(first, 50),
        "first_frame_ms_max": milliseconds(first, 100),
        "ms_per_token": milliseconds(per_token, 50),
        "ms_per_token_p99": milliseconds(per_token, 99),
        "motion_s_per_s": round(float(np.median(ratios)), 2),
    }


class _Performed(Act):
    """An act that tells when its first frames and all of them were there."""

    def __init__(self, number: int, seconds: float) -> None:
        standing = (
            np.tile(np.array([0, 0.95, 0], np.float32), (PROMPT + 1, 1)),
            np.tile(np.array([0, 0, 0, 1], np.float32), (PROMPT + 1, 22, 1)),
        )
        super().__init__(SENTENCES[number % len(SENTENCES)], number, seconds, number, standing, REFERENCE)
        self.began, self.first, self.over = time.perf_counter(), 0.0, threading.Event()

    def add(self, features: np.ndarray) -> None:
        super().add(features)
        self.first = self.first or time.perf_counter() - self.began

    def finish(self, error: str) -> None:
        super().finish(error)
        self.over.set()


def _together(generator: Generator, count: int, seconds: float) -> dict[str, float]:
    """So many live acts asked for at once: motion made in a second of each and of all, first frames of the first and the last."""
    scheduler = Scheduler(generator)
    acts = [_Performed(number, seconds) for number in range(count)]
    begun = time.perf_counter()
    for act in acts:
        scheduler.ask(act)
    for act in acts:
        act.over.wait()
    took = time.perf_counter() - begun
    scheduler.close()
    first = [act.first for act in acts]
    return {
        "motion_s_per_s_each": round(seconds / took, 2),
        "motion_s_per_s": round(count * seconds / took, 2),
        "first_frame_ms_min": milliseconds(first, 0),
        "first_frame_ms_max": milliseconds(first, 100),
    }


def _walk(client: Client, crowd: Crowd, seconds: float) -> Iterator[tuple[PoseFrame, PoseFrame]]:
    """Step at 60 Hz for so long; each frame with the one before."""
    due, before = time.perf_counter(), client.step(crowd)
    for _ in range(round(seconds / TICK)):
        due += TICK
        time.sleep(max(0.0, due - time.perf_counter()))
        now = client.step(crowd)
        yield before, now
        before = now


def _acting(bundle: Bundle, count: int, seconds: float) -> dict[str, float]:
    """Characters of a server process that walk at 60 Hz and act at the same time, again and again: from the first request of a round
    until a pose with each one's first acted frame is there; acted frames that only held the one before."""
    walking = np.tile(np.array([0, 1.3, np.nan, 0], np.float32), (count, 1))
    crowd = Crowd(list(range(count)), walking)
    first: list[float] = []
    acted = held = 0
    with ServerProcess(str(bundle.folder)) as server, Client(server.endpoint, name="motionwire bench", timeout=30) as client:
        for character in range(count):
            client.spawn(character, position=(2.0 * character, 0.0, 0.0))
        for act in range(ROUNDS):
            for _ in _walk(client, crowd, 1.0):
                pass
            asked = time.perf_counter()
            for character in range(count):
                client.act(character, SENTENCES[(act + character) % len(SENTENCES)], seed=act, seconds=seconds)
            seen = np.zeros(count)
            for before, now in _walk(client, crowd, seconds + 1.0):
                on = now.acting & before.acting
                acted += int(on.sum())
                held += int((on & (np.abs(now.rotations - before.rotations).max(axis=(1, 2)) < STILL)).sum())
                seen[now.acting & (seen == 0)] = time.perf_counter() - asked
            first.extend(seen[seen > 0])
        resident = Page(server.metrics).resident_mb
    return {
        "first_frame_ms_p50": milliseconds(first, 50),
        "first_frame_ms_p99": milliseconds(first, 99),
        "frames": acted,
        "held_frames": held,
        "resident_mb": round(resident),
    }
