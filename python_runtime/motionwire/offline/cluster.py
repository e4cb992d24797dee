"""An order on a Ray cluster (extra `ray`): actors make chunks of items wherever there is a core; files come back and are written here.

Every node needs Motionwire installed, and the bundle, rig and motions under the same names; nothing else is shared.
"""

import logging
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from motionwire.errors import InputError
from motionwire.formats.atomic import write_together
from motionwire.offline.beside import beside
from motionwire.offline.maker import LANES, Maker, Outcome
from motionwire.offline.order import Item, Order

CHUNK = 2 * LANES  # items that an actor is given at a time
Made = list[tuple[bytes, dict[str, bytes]]]  # an outcome, and the files that it left


class Remote:
    """What runs on a node: makes items in a folder of its own and hands the files over."""

    def __init__(self, order: bytes) -> None:
        self._folder = tempfile.mkdtemp(prefix="motionwire")
        self._maker = Maker(msgspec.structs.replace(msgspec.json.decode(order, type=Order), folder=self._folder))

    def make(self, items: bytes) -> Made:
        made: Made = []
        for outcome in self._maker.make(msgspec.json.decode(items, type=list[Item])):
            files = {path.name: path.read_bytes() for path in Path(self._folder).iterdir()}
            shutil.rmtree(self._folder)
            Path(self._folder).mkdir(mode=0o700)
            made.append((msgspec.json.encode(outcome), files))
        return made


def make_on_cluster(order: Order, items: Iterable[Item], address: str) -> Iterator[Outcome]:
    """Outcomes of all items, in whatever order they are complete; address: of a running cluster, or `local` for one on this machine.

    Raises InputError where Ray is not installed or the cluster cannot be reached.
    """
    try:
        import ray  # noqa: PLC0415 - only who has a cluster installs it
    except ImportError:
        raise InputError("Ray is not installed: pip install 'motionwire[ray]'", "--ray") from None
    try:
        ray.init(address=None if address == "local" else address, log_to_driver=False, include_dashboard=False, logging_level=logging.ERROR)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise InputError(f"no Ray cluster is reached: {error}", f"--ray {address}") from None
    try:
        actor: Any = ray.remote(num_cpus=1)(Remote)
        crew = [actor.remote(msgspec.json.encode(order)) for _ in range(max(1, int(ray.cluster_resources().get("CPU", 1))))]
        waiting = _chunks(items)
        under_way: dict[Any, tuple[Any, list[Item]]] = {}
        for remote in crew:
            if (chunk := next(waiting, None)) is not None:
                under_way[remote.make.remote(msgspec.json.encode(chunk))] = remote, chunk
        while under_way:
            (ready,), _ = ray.wait(list(under_way), num_returns=1)
            remote, chunk = under_way.pop(ready)
            try:
                made: Made = ray.get(ready)
                yield from (_landed(order, outcome, files) for outcome, files in made)
            except ray.exceptions.RayError as error:
                yield from (Outcome(item, error=f"a node of the cluster failed: {str(error).splitlines()[-1][:200]}") for item in chunk)
                if isinstance(error, ray.exceptions.RayActorError):
                    continue  # it is gone; the others go on
            if (following := next(waiting, None)) is not None:
                under_way[remote.make.remote(msgspec.json.encode(following))] = remote, following
        yield from (Outcome(item, error="every node that made clips has failed") for chunk in waiting for item in chunk)
    finally:
        ray.shutdown()


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    chunk: list[Item] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _landed(order: Order, told: bytes, files: dict[str, bytes]) -> Outcome:
    """A clip's files written here, its JSON first."""
    outcome = msgspec.json.decode(told, type=Outcome)
    folder = Path(order.folder)
    first = beside(folder / outcome.file) if outcome.file else None
    try:
        ordered = sorted((folder / name for name in files), key=lambda path: path != first)
        write_together({path: files[path.name] for path in ordered})
    except InputError as error:
        return Outcome(outcome.item, error=str(error))
    return outcome
