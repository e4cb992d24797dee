"""The real server with the embedded bundle: clips come out the same whatever is made beside them, live acts included."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from motionwire.bundle import Bundle, default
from motionwire.client import Client, Stick
from motionwire.generator.generator import Generator
from motionwire.generator.integrate import Integrator
from motionwire.server.process import ServerProcess

SENTENCES = ("a person walks forward", "someone waves", "a man runs and turns left", "she dances", "someone jumps", "a person bows")


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with ServerProcess(default()) as running:
        yield running


def test_clips_and_acts_of_many_clients_at_once(server: ServerProcess) -> None:
    """Six clients ask for clips of different lengths at the same time, a seventh acts; one more gives up in the middle."""
    made: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def ask(number: int) -> None:
        with Client(server.endpoint, timeout=120) as client:
            clip = client.generate(SENTENCES[number], seconds=1.0 + 0.4 * number, seed=40 + number)
            made[number] = (clip.root_positions, clip.rotations)

    def give_up() -> None:
        with Client(server.endpoint, timeout=120) as client:
            for message in client.generating(SENTENCES[0], seconds=20.0):
                if type(message).__name__ == "ClipChunk":
                    break

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(SENTENCES))] + [threading.Thread(target=give_up)]
    with Client(server.endpoint, timeout=120) as actor:
        actor.spawn(1)
        ref = actor.act(1, SENTENCES[3], seconds=2.0)
        for thread in threads:
            thread.start()
        told = []
        while any(thread.is_alive() for thread in threads) or "act_end" not in told:
            frame = actor.step({1: Stick(move=(0.0, 1.2))})
            told += [event.kind for event in frame.events if event.ref == ref]
            assert "act_failed" not in told
    generator = Generator(Bundle.load(default()))
    for number, sentence in enumerate(SENTENCES):
        frames = round((1.0 + 0.4 * number) * 30)
        seconds = -(-frames // 4) * 4 / 30  # the server makes whole positions and cuts
        alone, integrator = list(generator.stream(sentence, seconds=seconds, seed=40 + number)), Integrator()
        poses = [integrator.add(chunk) for chunk in alone]
        roots, rotations = (np.concatenate([getattr(pose, name) for pose in poses])[:frames] for name in ("root_positions", "rotations"))
        assert np.array_equal(made[number][0], roots) and np.array_equal(made[number][1], rotations), sentence
