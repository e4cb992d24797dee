"""Tasks into clips: one alone, or as many at a time as a batch has lanes, in whatever order they are complete."""

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.generator.batch import Batch, Take
from motionwire.generator.generator import Generator
from motionwire.generator.loop import perform_loop
from motionwire.generator.perform import Steps, perform_line
from motionwire.generator.task import Task
from motionwire.motion.clip import Clip

Key = TypeVar("Key")
Result = Clip | InputError


def generate(generator: Generator, task: Task) -> Clip:
    """The clip of a task. Raises InputError for what cannot be made."""
    ((_, result),) = generate_all(generator, [(0, task)], 1)
    if isinstance(result, InputError):
        raise result
    return result


def generate_all(generator: Generator, tasks: Iterable[tuple[Key, Task]], lanes: int) -> Iterator[tuple[Key, Result]]:
    """Each task's key with its clip, or why it failed, as they are complete; a task is taken from `tasks` when there is room for it."""
    batch, waiting = generator.batch(lanes), iter(tasks)
    under_way: list[_UnderWay[Key]] = []
    exhausted = False
    while True:
        while batch.free and not exhausted:
            following = next(waiting, None)
            if following is None:
                exhausted = True
                break
            begun = _UnderWay(*following, batch, generator)
            if begun.result is None:
                under_way.append(begun)
            else:
                yield begun.key, begun.result
        if not under_way:
            return
        for one, made in zip(list(under_way), batch.advance([one.take for one in under_way]), strict=True):
            one.take_in(made)
            if one.result is not None:
                under_way.remove(one)
                yield one.key, one.result


class _UnderWay(Generic[Key]):
    """A task in the batch. result: its clip, or why it failed, once it is over; the batch's lane is free then."""

    take: Take

    def __init__(self, key: Key, task: Task, batch: Batch, generator: Generator) -> None:
        self.key = key
        self.result: Result | None = None
        self._batch = batch
        skeleton = generator.bundle.skeleton
        self._steps: Steps = perform_loop(task, skeleton, generator.arrives) if task.loop else perform_line(task, skeleton)
        self._chunks: list[NDArray[np.float32]] = []
        self._go_on(None)

    def take_in(self, made: NDArray[np.float32] | InputError | None) -> None:
        """What the batch gave for it."""
        if made is not None and not isinstance(made, InputError):
            self._chunks.append(made)
            return
        self._batch.end(self.take)
        if made is None:
            chunks, self._chunks = self._chunks, []
            self._go_on(np.concatenate(chunks))
        else:
            self.result = made

    def _go_on(self, values: NDArray[np.float32] | None) -> None:
        try:
            wanted = next(self._steps) if values is None else self._steps.send(values)
            self.take = self._batch.begin(*wanted)
        except StopIteration as stop:
            self.result = stop.value
        except InputError as error:
            self.result = error
