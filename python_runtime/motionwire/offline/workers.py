"""An order on all cores: processes that each make their part, fed with a few items at a time, so that memory stays bounded.

A process that dies (killed by the system for memory, say) takes the clips along that it had in hand: they are reported as failed, and
the next run makes them. Messages are JSON over pipes.
"""

import multiprocessing
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait

import msgspec

from motionwire.children import deaf_to_ctrl_c, end_by_ctrl_c
from motionwire.errors import InputError
from motionwire.offline.maker import LANES, Maker, Outcome
from motionwire.offline.order import Item, Order

AHEAD = 8  # items that a process has beyond those it is making
END = b""


def make_all(order: Order, items: Iterable[Item], workers: int) -> Iterator[Outcome]:
    """Outcomes of all items, in whatever order they are complete, made by so many processes."""
    waiting = iter(items)
    crew = [_Worker(order) for _ in range(workers)]
    try:
        for worker in crew:
            worker.feed(waiting, LANES + AHEAD)
        while busy := [worker for worker in crew if worker.in_hand]:
            ready = wait([worker.connection for worker in busy])
            for worker in busy:
                if worker.connection in ready:
                    outcomes = worker.receive()
                    worker.feed(waiting, len(outcomes))
                    yield from outcomes
        for item in waiting:
            yield Outcome(item, error="every process that made clips has died")
    finally:
        for worker in crew:
            worker.close()


class _Worker:
    """One process. in_hand: what it was given and has not answered yet, by the item's file."""

    def __init__(self, order: Order) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, msgspec.json.encode(order)), daemon=True)
        with deaf_to_ctrl_c():
            self._process.start()
        theirs.close()
        self.in_hand: dict[str, Item] = {}
        self._ended = False

    def feed(self, items: Iterator[Item], count: int) -> None:
        """Give it so many more items, or tell it that there are none."""
        try:
            for _ in range(0 if self._ended else count):
                item = next(items, None)
                if item is None:
                    self._ended = True
                    self.connection.send_bytes(END)
                    return
                self.in_hand[item.stem] = item
                self.connection.send_bytes(msgspec.json.encode(item))
        except OSError:
            self._ended = True  # it died; what it had in hand comes out of `receive`

    def receive(self) -> list[Outcome]:
        """What it has to tell; where it died, that of everything it had in hand."""
        try:
            outcome = msgspec.json.decode(self.connection.recv_bytes(), type=Outcome)
        except (EOFError, OSError):
            self._process.join()
            lost, self.in_hand, self._ended = list(self.in_hand.values()), {}, True
            return [Outcome(item, error=f"the process that made it died (exit code {self._process.exitcode})") for item in lost]
        self.in_hand.pop(outcome.item.stem, None)
        return [outcome]

    def close(self) -> None:
        """End it, finished or not."""
        self.connection.close()
        self._process.terminate()
        self._process.join()


def serve(connection: Connection, order: bytes) -> None:
    """A process's life: items come in, outcomes go out, until it is told that there are no more."""
    end_by_ctrl_c()

    def items() -> Iterator[Item]:
        while (message := connection.recv_bytes()) != END:
            yield msgspec.json.decode(message, type=Item)

    try:
        maker = Maker(msgspec.json.decode(order, type=Order))
        outcomes = maker.make(items())
    except InputError as error:  # the same for every item
        reason = str(error)
        outcomes = (Outcome(item, error=reason) for item in items())
    try:
        for outcome in outcomes:
            connection.send_bytes(msgspec.json.encode(outcome))
    except (EOFError, OSError):
        return  # whoever asked is gone
