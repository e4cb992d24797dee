"""A server that is started again with another bundle, of longer bones: rigs are fitted anew, and stand where they stood."""

import struct
import threading
import time

import msgpack
import numpy as np
import zmq

from engine_bridge.godot.hostile import WELCOME
from engine_bridge.godot.probe import Probe

LONGER = 1.25


class Grown:
    """Answers steps with characters that stand where they were spawned. `grow` ends the session; the next one has longer bones."""

    def __init__(self) -> None:
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.ROUTER)
        self.endpoint = f"tcp://127.0.0.1:{self._socket.bind_to_random_port('tcp://127.0.0.1')}"
        self.grow, self._ends = threading.Event(), threading.Event()
        self._skeleton = msgpack.unpackb(WELCOME)["skeleton"]
        self._places: dict[int, list[float]] = {}
        self._peer = b""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._ends.is_set():
            if self.grow.is_set():
                self.grow.clear()
                self._places.clear()
                self._skeleton["offsets"] = (LONGER * np.frombuffer(self._skeleton["offsets"], "<f4")).astype("<f4").tobytes()
                self._socket.send_multipart((self._peer, msgpack.packb({"t": "bye", "v": 1, "reason": "another bundle"})))
            if self._socket.poll(20):
                self._peer, data = self._socket.recv_multipart()
                answer = self._answer(msgpack.unpackb(data))
                if answer is not None:
                    self._socket.send_multipart((self._peer, msgpack.packb({"v": 1, **answer})))

    def _answer(self, asked: dict) -> dict | None:
        if asked["t"] == "hello":
            return msgpack.unpackb(WELCOME) | {
                "ref": asked["ref"], "session": "s", "resumed": False, "characters": [], "heartbeat_ms": 1000, "skeleton": self._skeleton
            }  # fmt: skip
        if asked["t"] == "spawn":
            self._places[asked["character"]] = asked["transform"]
        if asked["t"] in ("spawn", "despawn"):
            return {"t": "accepted", "of": asked["t"], "ref": asked["ref"]}
        if asked["t"] == "ping":
            return {"t": "pong", "time": asked["time"], "server_time": time.monotonic()}
        if asked["t"] != "step" or not set(asked["characters"]) <= self._places.keys():
            return None
        at = [self._places[character] for character in asked["characters"]]
        hips = float(np.frombuffer(self._skeleton["offsets"], "<f4")[1])
        count = len(at)
        return {
            "t": "pose", "seq": asked["seq"], "ts": time.monotonic(), "characters": asked["characters"], "count": count, "joints": 22,
            "data": b"".join(struct.pack("<91f", x, y + hips, z, *(22 * (0, 0, 0, 1))) for x, y, z, _ in at), "phase": bytes(4 * count),
            "contacts": bytes(16 * count), "root_delta": bytes(12 * count), "acting": bytes(count), "events": [],
            "root": b"".join(struct.pack("<3f", x, z, heading) for x, _, z, heading in at),
        }  # fmt: skip

    def close(self) -> None:
        self._ends.set()
        self._thread.join()
        self._context.destroy(linger=0)


def test_another_bundle() -> None:
    server = Grown()
    try:
        with Probe(server.endpoint) as game:
            game.wait("opened")
            game.wait_for_frames(5)
            game.order("add", rig=True)
            game.wait_for_frames(20)
            game.order("joint", character=1, name="head")
            before = game.wait("joint")["place"]
            server.grow.set()
            game.wait("opened", resumed=False)
            game.wait_for_frames(30)
            game.order("joint", character=1, name="head")
            np.testing.assert_allclose(game.wait("joint")["place"], before, atol=0.01)  # its rig has not grown, nor gone
            np.testing.assert_allclose(game.wait("status")["places"][1], (5.0, 0.5, 0.0), atol=0.01)
    finally:
        server.close()
