"""Ctrl-C while a training runs: the step under way is finished and kept, a second one leaves at once."""

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType


class Stop:
    """Around the steps. asked: whether the user has asked to stop; tell: says so; listens: False leaves Ctrl-C as it is, as several
    processes that wait for each other want it."""

    def __init__(self, tell: Callable[[str], object], listens: bool) -> None:
        self.asked = False
        self._tell = tell
        here = threading.current_thread() is threading.main_thread()
        self._listens = listens and here and signal.getsignal(signal.SIGINT) is signal.default_int_handler

    def __enter__(self) -> "Stop":
        if self._listens:
            signal.signal(signal.SIGINT, self._ask)
        return self

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._tell("stopping after this step; Ctrl-C again to leave at once, back to the last checkpoint")

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None) -> None:
        if self._listens:
            signal.signal(signal.SIGINT, signal.default_int_handler)
