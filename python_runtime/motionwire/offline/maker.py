"""Makes clips one after the other in one process, many at a time in one batch: motion, cleaning, rig, file."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from motionwire import formats, rigs
from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.formats.atomic import write_atomically
from motionwire.generator.generate import generate_all
from motionwire.generator.generator import Generator
from motionwire.generator.task import Task
from motionwire.motion.clip import Clip
from motionwire.offline.beside import about, beside
from motionwire.offline.finish import at_rate, cleaned, on_rig
from motionwire.offline.order import Item, Order

LANES = 16  # sentences made at a time in one process


class Outcome(msgspec.Struct, frozen=True):
    """What became of an item: its file's name and length in s, or why there is none."""

    item: Item
    file: str = ""
    seconds: float = 0.0
    error: str = ""


class Maker:
    """One process's part of an order. Raises InputError for a bundle, rig or motion that cannot be read."""

    def __init__(self, order: Order, threads: int = 1) -> None:
        self._order = order
        self._bundle = Bundle.load(order.bundle)
        self._generator = Generator(self._bundle, threads)
        self._fingerprint = order.fingerprint(self._bundle)
        self._motions = order.motions()
        self._rig = None if order.rig is None else rigs.load(order.rig)

    def make(self, items: Iterable[Item], lanes: int = LANES) -> Iterator[Outcome]:
        """Each item's outcome, in whatever order they are complete."""
        bad: list[Outcome] = []
        for item, result in generate_all(self._generator, self._tasks(items, bad), lanes):
            yield from bad
            bad.clear()
            yield self._outcome(item, result)
        yield from bad

    def _tasks(self, items: Iterable[Item], bad: list[Outcome]) -> Iterator[tuple[Item, Task]]:
        for item in items:
            try:
                yield item, self._order.task(item, self._motions)
            except InputError as error:
                bad.append(Outcome(item, error=str(error)))

    def _outcome(self, item: Item, result: Clip | InputError) -> Outcome:
        if isinstance(result, InputError):
            return Outcome(item, error=str(result))
        try:
            return self._write(item, result)
        except InputError as error:
            return Outcome(item, error=str(error))
        except Exception as error:  # one clip that cannot be finished must not end the others
            return Outcome(item, error=f"{type(error).__name__}: {error}")

    def _write(self, item: Item, clip: Clip) -> Outcome:
        order = self._order
        path = Path(order.folder) / f"{item.stem}{order.extension}"
        clip = cleaned(clip, order)
        plain = clip.slice(0, -1) if order.loop else clip
        told = msgspec.json.encode(about(item, plain, self._bundle, self._fingerprint, path.name))
        seconds = plain.seconds
        clip = on_rig(at_rate(clip, order, self._motions[0]), order, self._rig)
        write_atomically(beside(path), msgspec.json.format(told, indent=1))
        try:
            formats.write(replace(clip, name=item.stem), path)
        except BaseException:
            beside(path).unlink(missing_ok=True)
            raise
        return Outcome(item, path.name, seconds)
