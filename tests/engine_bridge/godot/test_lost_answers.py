"""A server that answers wrongly once: the game says so and goes on stepping."""

import struct
import threading
import time

import msgpack
import zmq

from engine_bridge.godot.hostile import WELCOME
from engine_bridge.godot.probe import Probe


class WrongOnce:
    """Answers a hello twice, steps 10 to 12 with a pose cut short, with a pose of NaN and not at all, all others rightly."""

    def __init__(self) -> None:
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.ROUTER)
        self.endpoint = f"tcp://127.0.0.1:{self._socket.bind_to_random_port('tcp://127.0.0.1')}"
        self._ends = threading.Event()
        self._spawned: set[int] = set()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._ends.is_set():
            if self._socket.poll(50):
                peer, data = self._socket.recv_multipart()
                for answer in self._answers(msgpack.unpackb(data)):
                    self._socket.send_multipart((peer, msgpack.packb(answer)))

    def _answers(self, asked: dict) -> list[dict]:
        if asked["t"] == "hello":
            return 2 * [msgpack.unpackb(WELCOME) | {"ref": asked["ref"], "session": "s", "heartbeat_ms": 1000}]
        if asked["t"] == "spawn":
            known = asked["character"] in self._spawned
            self._spawned.add(asked["character"])
            error = {"t": "error", "v": 1, "code": "character_exists", "message": "", "of": "spawn", "ref": asked["ref"]}
            return [error if known else {"t": "accepted", "v": 1, "of": "spawn", "ref": asked["ref"]}]
        if asked["t"] == "ping":
            return [{"t": "pong", "v": 1, "time": asked["time"], "server_time": time.monotonic()}]
        if asked["t"] != "step":
            return []
        numbers = struct.pack("<91f", asked["seq"], 0.9, 0, *(22 * (0, 0, 0, 1)))
        pose = {
            "t": "pose", "v": 1, "seq": asked["seq"], "ts": time.monotonic(), "characters": asked["characters"], "count": 1, "joints": 22,
            "data": numbers, "phase": bytes(4), "contacts": bytes(16), "root_delta": bytes(12), "root": numbers[:4] + bytes(8),
            "acting": b"\0", "events": [],
        }  # fmt: skip
        if asked["seq"] == 10:
            pose["data"] = numbers[:-4]
        elif asked["seq"] == 11:
            pose["data"] = struct.pack("<91f", *(91 * (float("nan"),)))
        return [] if asked["seq"] == 12 else [pose]

    def close(self) -> None:
        self._ends.set()
        self._thread.join()
        self._context.destroy(linger=0)


def test_goes_on_after_wrong_and_missing_answers() -> None:
    server = WrongOnce()
    try:
        with Probe(server.endpoint) as game:
            game.wait("opened")
            game.wait("opened")
            assert "data is not of 1 characters" in game.wait("problem")["text"]
            assert "not answered" in game.wait("problem")["text"]  # the one that was cut short counts for nothing
            assert "not answered" in game.wait("problem")["text"]
            status = game.wait_for_frames(20)
            assert status["places"][0][0] > 12
            assert not game.of("refused") and not game.of("lost")
    finally:
        server.close()
