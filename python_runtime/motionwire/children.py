"""Processes that work for this one, and Ctrl-C: a terminal sends it to all of them, and only one is to say something of it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

DIED = "a process that worked for it was killed, most likely by the system for want of memory"


@contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """Processes started meanwhile do not hear Ctrl-C, which would interrupt their imports with a traceback each."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def end_by_ctrl_c() -> None:
    """In such a process, once it has begun: Ctrl-C ends it from now on, at once and without a word."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
