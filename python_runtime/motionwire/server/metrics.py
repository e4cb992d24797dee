"""What the server counts and times, for Prometheus (text exposition format 0.0.4) on a loopback port.

Percentiles are taken from the histograms by whoever reads them: `histogram_quantile(0.99, rate(motionwire_step_seconds_bucket[1m]))`.
"""

import threading
import time
from collections.abc import Callable
from typing import Any
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server

from motionwire.errors import InputError
from motionwire.server.messages import ERROR_CODES, REQUEST_TYPES

HOST = "127.0.0.1"
SECONDS = (0.0001, 0.0002, 0.0003, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.033, 0.066, 0.25, 1.0)  # upper bounds of buckets


class Metrics:
    """One server's figures; `serve` shows them."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(namespace="motionwire", registry=registry)
        requests = Counter("motionwire_requests", "Requests by type", ["type"], registry=registry)
        errors = Counter("motionwire_errors", "Errors that were answered, by code", ["code"], registry=registry)
        self._requests = {name: requests.labels(name) for name in sorted(REQUEST_TYPES)}
        self._errors = {code: errors.labels(code) for code in ERROR_CODES}
        ticks = Counter("motionwire_ticks", "Batches that advanced characters", ["mode"], registry=registry)
        tick_seconds = Histogram(
            "motionwire_tick_seconds", "Time of a batch: models, poses, encoding, sending", ["mode"], buckets=SECONDS, registry=registry
        )
        self.ticks = {mode: ticks.labels(mode) for mode in ("step", "stream")}
        self.tick_seconds = {mode: tick_seconds.labels(mode) for mode in ("step", "stream")}
        self.step_seconds = Histogram("motionwire_step_seconds", "From a step's arrival to its pose", buckets=SECONDS, registry=registry)
        self.jitter_seconds = Histogram(
            "motionwire_stream_jitter_seconds", "How late streamed frames began", buckets=SECONDS, registry=registry
        )
        self.dropped_frames = Counter("motionwire_dropped_frames", "Frames without credit or room", registry=registry)
        self.dropped_messages = Counter("motionwire_dropped_messages", "Messages unread for their peer's rate", registry=registry)
        self.lost_log_lines = Counter("motionwire_lost_log_lines", "Log lines that could not be written", registry=registry)
        self._model_seconds = Histogram("motionwire_model_seconds", "Model runs", ["graph"], buckets=SECONDS, registry=registry)

    def request(self, kind: str) -> None:
        """A request was read."""
        self._requests[kind].inc()

    def error(self, code: str) -> None:
        """A request was refused."""
        self._errors[code].inc()

    def watch(self, name: str, help_text: str, value: Callable[[], float]) -> None:
        """A gauge that is read when somebody looks, from another thread."""
        Gauge(f"motionwire_{name}", help_text, registry=self._registry).set_function(value)

    def timed(self, graph: str, session: Any) -> "TimedSession":
        """An ONNX session whose runs are timed."""
        return TimedSession(session, self._model_seconds.labels(graph).observe)

    def serve(self, port: int) -> "Page":
        """Show them at http://127.0.0.1:port/metrics; raises InputError when the port is taken."""
        try:
            server, thread = start_http_server(port, addr=HOST, registry=self._registry)
        except OSError as error:
            raise InputError(f"cannot show metrics: {error.strerror}", f"{HOST}:{port}") from None
        return Page(server, thread)


class Page:
    """The page, until `close`."""

    def __init__(self, server: WSGIServer, thread: threading.Thread) -> None:
        self._server, self._thread = server, thread
        self.url = f"http://{HOST}:{server.server_port}/metrics"

    def close(self) -> None:
        """Free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class TimedSession:
    """An ONNX session that tells how long each run took; all else is the session's own."""

    def __init__(self, session: Any, observe: Callable[[float], None]) -> None:
        self._session, self._observe = session, observe

    def run(self, *arguments: Any) -> Any:
        """`InferenceSession.run`."""
        begun = time.perf_counter()
        outputs = self._session.run(*arguments)
        self._observe(time.perf_counter() - begun)
        return outputs

    def run_with_iobinding(self, *arguments: Any) -> None:
        """`InferenceSession.run_with_iobinding`."""
        begun = time.perf_counter()
        self._session.run_with_iobinding(*arguments)
        self._observe(time.perf_counter() - begun)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)
