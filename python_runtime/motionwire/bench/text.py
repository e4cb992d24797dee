"""How quickly a sentence becomes motion: the first frames, each token, and seconds of motion per second."""

import time

import numpy as np

from motionwire.motion.features import FPS
from motionwire.bundle import Bundle
from motionwire.generator.generator import Generator

FRAMES_PER_TOKEN = 4
SENTENCES = ("a person walks forward", "someone waves with the right hand", "a man runs and turns left", "she dances")


def measure(bundle: Bundle, seconds: float, threads: int) -> dict[str, object]:
    """Medians over SENTENCES, each of `seconds` of motion."""
    generator = Generator(bundle, threads=threads)
    for _ in generator.stream(SENTENCES[0], seconds=1.0):
        pass
    first, per_token, ratios = [], [], []
    for seed, sentence in enumerate(SENTENCES):
        begun = time.perf_counter()
        frames, started, opening = 0, begun, 0
        for chunk in generator.stream(sentence, seconds=seconds, seed=seed):
            if frames == 0:
                started, opening = time.perf_counter(), len(chunk)
            frames += len(chunk)
        ended = time.perf_counter()
        first.append((started - begun) * 1000)
        if frames > opening:
            per_token.append((ended - started) * 1000 * FRAMES_PER_TOKEN / (frames - opening))
        ratios.append(frames / FPS / (ended - begun))
    return {
        "sentences": len(SENTENCES),
        "seconds": seconds,
        "first_frame_ms": round(float(np.median(first)), 2),
        "first_frame_ms_max": round(max(first), 2),
        "ms_per_token": round(float(np.median(per_token)), 3),
        "motion_s_per_s": round(float(np.median(ratios)), 2),
        "threads": threads,
        "bundle": bundle.name,
    }
