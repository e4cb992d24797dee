"""Logs of the server: lines of text or of JSON, written by a thread of their own.

The loop only hands records to a bounded queue; where the writer cannot keep up or cannot write (a full disk, a closed pipe), lines
are lost and counted, and nothing else happens.
"""

import contextlib
import errno
import io
import json
import logging
import logging.handlers
import os
import queue
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

from motionwire.errors import InputError

STANDARD_ERROR = 2  # the descriptor: what stands in for sys.stderr may have none
QUEUED = 10_000  # records that wait for the writer
PATIENCE_S = 1.0  # for the last lines
MOST_BYTES = 64 * 2**20  # of a log file: peers cause lines, and may not fill the disk
OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """One JSON object a line: time (RFC 3339, UTC), level, logger, message, the fields given as `extra`, and error with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line = {
            "time": f"{seconds}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in OWN_FIELDS}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class _Queue(logging.handlers.QueueHandler):
    """Hands records over without waiting."""

    def __init__(self, waiting: "queue.Queue[logging.LogRecord | None]", lost: Callable[[], None]) -> None:
        super().__init__(waiting)
        self._lost = lost

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record  # same process: nothing to pickle

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        self._lost()


class _Lines:
    """Lines in an unbuffered file, standard error where it has no name: one that the disk refuses is not kept to be tried again. A file
    that has grown to MOST_BYTES becomes NAME.1, in place of the one before."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._torn = False  # the last line stands there in part
        self._open()

    def _open(self) -> None:
        self._file = io.FileIO(self._name or STANDARD_ERROR, "a", closefd=bool(self._name))
        found = os.fstat(self._file.fileno())
        self._left = MOST_BYTES - found.st_size if self._name and stat.S_ISREG(found.st_mode) else None

    def close(self) -> None:
        """No more lines."""
        self._file.close()

    def write(self, line: str) -> None:
        """Write a line; raises OSError when it is not written, or not all of it."""
        if self._left is not None and self._left <= 0:
            self._file.close()
            with contextlib.suppress(OSError):  # a folder that may not be written: it grows on
                Path(self._name).replace(f"{self._name}.1")
            self._torn = False
        if self._file.closed:
            self._open()
        data = b"\n" * self._torn + line.encode("utf-8", "backslashreplace") + b"\n"
        written = self._file.write(data)
        self._torn = written != len(data)
        if self._left is not None:
            self._left -= written or 0
        if self._torn:
            raise OSError(errno.ENOSPC, "a line was cut off")


def start(style: str, level: str, file: str, lost: Callable[[], None]) -> Callable[[], None]:
    """Set the root logger up; what is returned ends it. style: text or json; file: empty for standard error.

    lost: told of each line that was lost. Raises InputError when the file cannot be opened.
    """
    try:
        lines = _Lines(file)
    except OSError as error:
        raise InputError(f"cannot write logs: {error.strerror}", file) from None
    formatter = JsonLines() if style == "json" else logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    waiting: queue.Queue[logging.LogRecord | None] = queue.Queue(QUEUED)

    def write() -> None:
        while (record := waiting.get()) is not None:
            try:
                lines.write(formatter.format(record))
            except Exception:  # a full disk, a closed pipe, arguments that do not fit their message
                lost()

    thread = threading.Thread(target=write, name="log", daemon=True)
    handler = _Queue(waiting, lost)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level.upper())
    thread.start()

    def stop() -> None:
        root.removeHandler(handler)
        with contextlib.suppress(queue.Full):
            waiting.put(None, timeout=PATIENCE_S)
        thread.join(PATIENCE_S)  # a pipe that nobody reads holds it for ever
        if not thread.is_alive():
            lines.close()

    return stop
