"""A runtime that needs no models: a ROUTER that speaks the wire and lets each character walk as its input says."""

import threading
from dataclasses import dataclass, field

import msgspec
import numpy as np
import zmq

from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import JOINTS, REFERENCE
from motionwire.server import messages as wire
from synthetic import walking_clip

FPS = 60.0
STRIDE = walking_clip(seconds=1 / 0.95, fps=FPS, speed=1.0)
ARMS_UP_SECONDS = 2.0
RAISED = {16: 1.2, 17: -1.2}  # shoulder joint -> roll in rad


@dataclass
class Walker:
    """One character: where it is, how far into its stride, and the sentence that it acts."""

    place: np.ndarray
    heading: float = 0.0
    stride: float = 0.0
    move: np.ndarray = field(default_factory=lambda: np.zeros(2))
    acts: list[int] = field(default_factory=list)
    act_left: float = 0.0

    def step(self, dt: float) -> list[wire.Event]:
        """Advance by dt seconds."""
        speed = float(np.hypot(*self.move))
        events = []
        if self.acts:
            if self.act_left <= 0:
                self.act_left = ARMS_UP_SECONDS
                events.append(wire.Event(kind="act_begin", character=1, ref=self.acts[0]))
            self.act_left -= dt
            if self.act_left <= 0:
                events.append(wire.Event(kind="act_end", character=1, ref=self.acts.pop(0)))
        if speed > 0:
            self.heading = float(np.arctan2(self.move[0], self.move[1]))
            self.place += self.move * dt
            self.stride = (self.stride + speed * dt * FPS) % len(STRIDE)
        return events

    def pose(self) -> np.ndarray:
        """float32 [3 + 4 * joints]."""
        frame = int(self.stride)
        rotations = STRIDE.rotations[frame].astype(np.float64)
        rotations[0] = rot.multiply(rot.from_yaw(self.heading), rotations[0])
        if self.act_left > 0:
            for joint, roll in RAISED.items():
                rotations[joint] = rot.from_axis_angle((0.0, 0.0, 1.0), roll)
        height = STRIDE.root_positions[frame, 1]
        return np.concatenate(((self.place[0], height, self.place[1]), rotations.ravel())).astype(np.float32)


class FakeRuntime:
    """Runs in a thread; `endpoint` is where it listens."""

    def __init__(self, endpoint: str = "tcp://127.0.0.1:*") -> None:
        self._context = zmq.Context()
        self._router = self._context.socket(zmq.ROUTER)
        self._router.linger = 0
        self._router.bind(endpoint)
        self.endpoint = self._router.getsockopt_string(zmq.LAST_ENDPOINT)
        self.seen: list[wire.Request] = []
        self._walkers: dict[bytes, Walker] = {}
        self._leave = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self) -> "FakeRuntime":
        return self

    def __exit__(self, *_: object) -> None:
        self._leave.set()
        self._thread.join()
        self._router.close()
        self._context.term()

    def _run(self) -> None:
        while not self._leave.is_set():
            if not self._router.poll(20):
                continue
            identity, data = self._router.recv_multipart()
            try:
                request = wire.decode_request(data)
            except wire.BadMessageError as error:
                self._router.send_multipart([identity, wire.encode(error.reply)])
                continue
            self.seen.append(request)
            for reply in self._answer(identity, request):
                self._router.send_multipart([identity, wire.encode(reply)])

    def _answer(self, identity: bytes, request: wire.Request) -> list[wire.Message]:
        match request:
            case wire.Hello():
                return [_welcome()]
            case wire.Ping(time=time):
                return [wire.Pong(time=time, server_time=0.0)]
            case wire.Bye():
                self._walkers.pop(identity, None)
                return [wire.Bye()]
        walker = self._walkers.get(identity)
        match request:
            case wire.Spawn(transform=(x, _, z, heading)):
                self._walkers[identity] = Walker(np.array((x, z)), heading)
                return [wire.Accepted(of="spawn", ref=request.ref)]
            case wire.Step() if walker is not None:
                if request.input:
                    walker.move = np.frombuffer(request.input, "<f4")[:2].astype(np.float64)
                return [_pose(request.seq, walker, walker.step(request.dt))]
            case wire.Act() if walker is not None:
                walker.acts.append(request.ref)
                return [wire.Accepted(of="act", ref=request.ref)]
            case wire.Stop() if walker is not None:
                walker.acts.clear()
                walker.act_left = 0.0
                return [wire.Accepted(of="stop", ref=request.ref)]
        return [wire.Error(code="no_session", message="say hello first", of=msgspec.to_builtins(request)["t"])]


def _welcome() -> wire.Welcome:
    bones = wire.Bones(names=list(REFERENCE.names), parents=list(REFERENCE.parents), offsets=REFERENCE.offsets.tobytes())
    return wire.Welcome(
        proto=wire.VERSION,
        minor=wire.MINOR,
        session="fake",
        resumed=False,
        heartbeat_ms=1000,
        expiry_ms=10_000,
        server="fake",
        models=[wire.Model(name="fake", acts=True)],
        skeleton=bones,
        characters=[],
    )


def _pose(seq: int, walker: Walker, events: list[wire.Event]) -> wire.Pose:
    return wire.Pose(
        seq=seq,
        ts=0.0,
        characters=[1],
        count=1,
        joints=JOINTS,
        data=walker.pose().tobytes(),
        phase=bytes(4),
        contacts=bytes(16),
        root_delta=bytes(12),
        acting=bytes([walker.act_left > 0]),
        events=events,
    )
