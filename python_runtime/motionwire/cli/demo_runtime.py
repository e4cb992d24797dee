"""The demo's server process. Choosing another bundle starts a new one, and ends the old one when the new one answers."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from motionwire.broadcast.about import Leg, about
from motionwire.bundle import EMBEDDED, Bundle, available
from motionwire.errors import InputError
from motionwire.manifest import read_manifest
from motionwire.motion.skeleton import Skeleton
from motionwire.server.process import ServerProcess


class DemoRuntime:
    """A server of `bundle` that the viewer shows (broadcast/live.py: Runtime). sentences_of: what to suggest for a bundle."""

    def __init__(self, bundle: Bundle, sentences_of: Callable[[Bundle], list[str]], script: Sequence[Leg]) -> None:
        self._sentences_of = sentences_of
        self._script = script
        self._offered = {bundle.name: bundle.folder} | {name: EMBEDDED / name for name in available() if name != bundle.name}
        self._lock = threading.Lock()
        self._bundle = bundle
        self._server = ServerProcess(str(bundle.folder))

    @property
    def endpoint(self) -> str:
        return self._server.endpoint

    @property
    def skeleton(self) -> Skeleton:
        return self._bundle.skeleton

    def about(self) -> dict[str, object]:
        bundle = self._bundle
        others = [_described(folder) for name, folder in self._offered.items() if name != bundle.name]
        return about(bundle, others, self._sentences_of(bundle), self._script)

    def choose(self, bundle: str) -> None:
        with self._lock:
            if bundle not in self._offered:
                raise InputError(f"no such bundle; there are {', '.join(self._offered)}", bundle)
            chosen = Bundle.load(self._offered[bundle])
            old, self._server, self._bundle = self._server, ServerProcess(str(chosen.folder)), chosen
        old.close()

    def ends_within(self, seconds: float | None) -> bool:
        """Wait so long, or for ever; True when the server has ended by itself."""
        until = None if seconds is None else time.monotonic() + seconds
        while True:
            server = self._server
            ended = server.ends_within(None if until is None else max(0.0, until - time.monotonic()))
            with self._lock:  # a bundle that is being loaded is waited for
                if not ended or server is self._server:
                    return ended

    def close(self) -> None:
        """End the server; one that is being started is waited for, or nobody would end it."""
        with self._lock:
            self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _described(folder: Path) -> Bundle:
    """A bundle by its manifest alone; its files are checked when it is chosen."""
    return Bundle(folder, read_manifest(folder / "bundle.json"))
