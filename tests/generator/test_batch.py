"""Continuous batching on the embedded bundle: a seed gives the same motion alone and in a crowd, bit for bit."""

import numpy as np
import pytest

from motionwire.bundle import Bundle, default
from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire.generator.batch import MIN_POSITIONS, OWN_POSITIONS, Batch
from motionwire.generator.generator import Generator
from motionwire.motion import features
from synthetic import walking_clip

TEXTS = ("a person walks forward", "someone waves", "a man runs and turns left", "she dances", "jump")


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(Bundle.load(default()))


def wanted(number: int) -> tuple[str, float | None, int, np.ndarray | None]:
    """Text, seconds, seed, history of the n-th sentence: lengths, histories and who decides the length differ."""
    history = features.encode(walking_clip(1.0 + 0.1 * number))[1:] if number % 3 == 1 else None
    return TEXTS[number % len(TEXTS)], None if number % 5 == 4 else 0.4 + 0.13 * number, 100 + number, history


def alone(generator: Generator, number: int) -> np.ndarray:
    return np.concatenate(list(generator.stream(*wanted(number))))


def test_the_same_alone_and_in_a_crowd(generator: Generator) -> None:
    """Twelve sentences join, pause and leave at random places of a batch of seven lanes."""
    batch, random = generator.batch(7), np.random.default_rng(0)
    waiting, takes, made, widths = list(range(12)), {}, {number: [] for number in range(12)}, set()
    while waiting or takes:
        if waiting and batch.free and random.random() < 0.6:
            number = waiting.pop(0)
            takes[number] = batch.begin(*wanted(number))
        chosen = [number for number in takes if random.random() < 0.8]
        widths.add(len(chosen))
        for number, chunk in zip(chosen, batch.advance([takes[number] for number in chosen]), strict=True):
            if chunk is None:
                batch.end(takes.pop(number))
            else:
                made[number].append(chunk)
    assert batch.free == 7 and widths >= {1, 3, 5}
    for number, chunks in made.items():
        assert np.array_equal(np.concatenate(chunks), alone(generator, number)), number


def test_a_sentence_that_cannot_begin_takes_no_room(generator: Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = generator.batch(1)

    def fail(*_: object) -> None:
        raise MemoryError("no room")

    with monkeypatch.context() as broken, pytest.raises(MemoryError):
        broken.setattr(batch._rows, "fill", fail)
        batch.begin(*wanted(0))
    assert batch.free == 1
    take, chunks = batch.begin(*wanted(1)), []
    while (chunk := batch.advance([take])[0]) is not None:
        chunks.append(chunk)
    assert np.array_equal(np.concatenate(chunks), alone(generator, 1))
    batch.end(take)
    assert batch._rows._free.all()


def test_a_lane_that_was_left_in_the_middle_is_like_new(generator: Generator) -> None:
    batch = generator.batch(1)
    take = batch.begin("she dances", 5.0, 0, None)
    for _ in range(6):
        batch.advance([take])
    assert batch.free == 0
    batch.end(take)
    take, chunks = batch.begin(*wanted(1)), []
    while (chunk := batch.advance([take])[0]) is not None:
        chunks.append(chunk)
    assert np.array_equal(np.concatenate(chunks), alone(generator, 1))


@pytest.mark.parametrize(("end", "positions"), [(1.0, MIN_POSITIONS), (0.0, OWN_POSITIONS)])
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_motion_of_its_own_length_ends_as_probably_as_the_model_says(
    generator: Generator, monkeypatch: pytest.MonkeyPatch, end: float, positions: int, temperature: float
) -> None:
    whole = Batch._logits

    def logits(self: Batch, *given: object) -> tuple[np.ndarray, np.ndarray]:
        found, ends = whole(self, *given)  # type: ignore[arg-type]
        return found, np.full_like(ends, end)

    monkeypatch.setattr(Batch, "_logits", logits)
    chunks = list(generator.stream("a person walks", None, 0, temperature=temperature))
    assert sum(map(len, chunks)) == positions * layout.STRIDE


def test_values_that_are_not_finite_end_their_own_sentence_only(generator: Generator) -> None:
    batch = generator.batch(3)
    takes = [batch.begin(*wanted(number)) for number in (2, 3, 5)]
    made = [batch.advance(takes)]
    takes[1].hidden[:] = np.nan
    takes[1].position = 0  # nothing waits to enter the cache, which would make the hidden vector anew
    made.append(batch.advance(takes))
    assert isinstance(made[1][1], InputError) and "not finite" in str(made[1][1])
    batch.end(takes[1])
    made.append(batch.advance([takes[0], takes[2]]))
    for column, number in ((0, 2), (-1, 5)):
        assert np.array_equal(np.concatenate([row[column] for row in made]), alone(generator, number)[:12])


def test_what_cannot_begin_takes_no_lane(generator: Generator) -> None:
    batch = generator.batch(1)
    for text, seconds, history in (("", 1.0, None), ("walk", 99.0, None), ("walk", 1.0, np.full((8, features.DIM), np.nan, np.float32))):
        with pytest.raises(InputError):
            batch.begin(text, seconds, 0, history)
    assert batch.free == 1
