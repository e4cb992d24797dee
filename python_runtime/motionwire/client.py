"""Python client of the runtime: `with Client() as client: client.spawn(1); frame = client.step({1: Stick(move=(0, 1.4))})`.

Blocking and single-threaded. Every call has a time limit: it raises ConnectionLostError when the server does not answer and
ServerError when it refuses. A server that was restarted, or that forgot a silent client, is greeted again and gets this
client's characters back where they stood.
"""

import contextlib
import math
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self, TypeVar

import msgspec
import numpy as np
import zmq
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import Skeleton
from motionwire.server import messages as wire
from motionwire.server.settings import DEFAULT_HOST, DEFAULT_PORT

ENDPOINT = f"tcp://{DEFAULT_HOST}:{DEFAULT_PORT}"
ASK_AGAIN_S = 0.3  # silence after which the server is pinged: a new one answers that it does not know us

Array = NDArray[np.float32]
Answer = TypeVar("Answer", bound=wire.Message)


class ServerError(Exception):
    """The server refused a request; code: one of the protocol's error codes."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class ConnectionLostError(TimeoutError):
    """The server did not answer in time."""


@dataclass(frozen=True)
class Stick:
    """Player input: desired velocity (x, z) in m/s in the world, facing in rad (None: where it moves), style by name or index."""

    move: tuple[float, float] = (0.0, 0.0)
    facing: float | None = None
    style: str | int = 0


@dataclass(frozen=True, eq=False)
class PoseFrame:
    """N characters at the server time ts: float32 root_positions [N, 3] m, rotations [N, 22, 4] xyzw, contacts [N, 4], phase [N] rad,
    root_delta [N, 3], acting [N], and the events since the frame before."""

    seq: int
    ts: float
    characters: list[int]
    root_positions: Array
    rotations: Array
    contacts: Array
    phase: Array
    root_delta: Array
    acting: NDArray[np.bool_]
    events: list[wire.Event]

    @classmethod
    def of(cls, pose: wire.Pose) -> Self:
        """The arrays of a pose message; raises ValueError when their sizes disagree."""
        data = np.frombuffer(pose.data, "<f4").reshape(pose.count, 3 + 4 * pose.joints)
        return cls(
            pose.seq,
            pose.ts,
            pose.characters,
            data[:, :3],
            data[:, 3:].reshape(pose.count, pose.joints, 4),
            np.frombuffer(pose.contacts, "<f4").reshape(pose.count, 4),
            np.frombuffer(pose.phase, "<f4").reshape(pose.count),
            np.frombuffer(pose.root_delta, "<f4").reshape(pose.count, 3),
            np.frombuffer(pose.acting, np.uint8).reshape(pose.count) != 0,
            pose.events,
        )


class Client:
    """One session with a server. timeout: s that any call waits for an answer. Says hello at once."""

    def __init__(
        self,
        endpoint: str = ENDPOINT,
        token: str = "",
        timeout: float = 5.0,
        name: str = "motionwire python client",
        engine: str = "python",
    ) -> None:
        self.endpoint = endpoint
        self.timeout = timeout
        self._hello = wire.Hello(proto=wire.VERSION, minor=wire.MINOR, client=name, engine=engine, token=token)
        self._spawned: dict[int, wire.Spawn] = {}
        self._subscription: wire.Subscribe | None = None
        self._last_ref = 0
        self._seq = 0
        self._poses: deque[PoseFrame] = deque()
        self._clips: dict[int, deque[wire.Reply]] = {}
        self._socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.DEALER)
        self._socket.setsockopt(zmq.LINGER, 200)
        self._socket.setsockopt(zmq.RECONNECT_IVL, 50)
        self._socket.setsockopt(zmq.RECONNECT_IVL_MAX, 500)
        try:
            self._socket.connect(endpoint)
        except zmq.ZMQError as error:
            self._socket.close()
            raise InputError(f"not an endpoint: {error.strerror}", endpoint) from None
        try:
            self.welcome = self.hello()
        except BaseException:
            self._socket.close(linger=0)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye; the characters of this session go."""
        if not self._socket.closed:
            with contextlib.suppress(zmq.Again):  # its queue is full: nobody has read for long
                self._socket.send(wire.encode(wire.Bye()), zmq.NOBLOCK)
            self._socket.close()

    @property
    def skeleton(self) -> Skeleton:
        """The canonical skeleton with the model's bone lengths."""
        bones = self.welcome.skeleton
        return Skeleton(tuple(bones.names), tuple(bones.parents), np.frombuffer(bones.offsets, "<f4").reshape(-1, 3))

    def hello(self) -> wire.Welcome:
        """Open the session, or resume it; called by the constructor."""
        self._hello.ref = self._new_ref()
        self.welcome = self._ask(self._hello, wire.Welcome)
        self._hello.session = self.welcome.session
        return self.welcome

    def ping(self) -> tuple[float, float]:
        """(round trip in s, server clock minus this process's monotonic clock in s)."""
        sent = time.monotonic()
        pong = self._ask(wire.Ping(time=sent), wire.Pong)
        while pong.time != sent:
            pong = self._ask(wire.Ping(time=sent), wire.Pong)
        received = time.monotonic()
        return received - sent, pong.server_time - (sent + received) / 2

    def spawn(
        self,
        character: int,
        position: tuple[float, float, float] = (0.0, 0.0, 0.0),
        heading: float = 0.0,
        model: str = "",
        seed: int = 0,
    ) -> None:
        """A new character under a number of the caller's choice, standing at position (m) with this heading (rad)."""
        request = wire.Spawn(character=character, model=model, transform=(*position, heading), seed=seed, ref=self._new_ref())
        self._ask(request, wire.Accepted)
        self._spawned[character] = request

    def despawn(self, character: int) -> None:
        """Remove a character."""
        self._ask(wire.Despawn(character=character, ref=self._new_ref()), wire.Accepted)
        self._spawned.pop(character, None)

    def step(self, sticks: Mapping[int, Stick], dt: float = 1 / 60) -> PoseFrame:
        """Advance these characters by dt seconds and return them, in the order given."""
        self._seq += 1
        request = wire.Step(seq=self._seq, characters=list(sticks), input=self._rows(sticks), dt=dt)
        frame = PoseFrame.of(self._ask(request, wire.Pose))
        self._remember(frame)
        return frame

    def act(self, character: int, text: str, seed: int = 0, seconds: float = 0.0, queue: bool = False) -> int:
        """The character acts the sentence out, now or after what is queued; the number that its events carry as ref."""
        ref = self._new_ref()
        self._ask(wire.Act(character=character, text=text, seed=seed, seconds=seconds, queue=queue, ref=ref), wire.Accepted)
        return ref

    def stop(self, character: int) -> None:
        """End what it acts and what is queued."""
        self._ask(wire.Stop(character=character, ref=self._new_ref()), wire.Accepted)

    def subscribe(self, characters: list[int] | None = None, fps: float = 60.0, credit: int = 4) -> None:
        """Let the server pace these characters (None: all); then iterate over `frames`, and set input with `move`."""
        self._subscription = wire.Subscribe(characters=characters or [], fps=fps, credit=credit, ref=self._new_ref())
        self._ask(self._subscription, wire.Accepted)

    def unsubscribe(self) -> None:
        """End the stream."""
        self._subscription = None
        self._ask(wire.Unsubscribe(ref=self._new_ref()), wire.Accepted)
        self._poses.clear()

    def move(self, sticks: Mapping[int, Stick]) -> None:
        """Input of streamed characters."""
        self._send(wire.Input(characters=list(sticks), input=self._rows(sticks)))

    def frames(self) -> Iterator[PoseFrame]:
        """The stream's frames, each given back as credit; ends with `unsubscribe`."""
        while self._subscription is not None:
            while not self._poses:
                self._wait()
            frame = self._poses.popleft()
            self._send(wire.Credit(n=1))
            self._remember(frame)
            yield frame

    def generate(self, text: str, seconds: float = 0.0, seed: int = 0) -> Clip:
        """A clip from a sentence at 30 fps."""
        begin: wire.ClipBegin | None = None
        chunks = []
        for message in self.generating(text, seconds, seed):
            if isinstance(message, wire.ClipBegin):
                begin = message
            elif isinstance(message, wire.ClipChunk):
                chunks.append(np.frombuffer(message.data, "<f4").reshape(message.frames, -1))
        if begin is None or not chunks:
            raise ServerError("generation_failed", "the server sent no frames")
        data = np.concatenate(chunks)
        offsets = np.frombuffer(begin.offsets, "<f4").reshape(-1, 3)
        skeleton = Skeleton(tuple(self.welcome.skeleton.names), tuple(self.welcome.skeleton.parents), offsets)
        return Clip(skeleton, begin.fps, data[:, :3], data[:, 3:].reshape(len(data), begin.joints, 4), name=text)

    def generating(self, text: str, seconds: float = 0.0, seed: int = 0) -> Iterator[wire.Reply]:
        """The messages of a clip as they come: progress, clip_begin, clip_chunk ..., clip_end; leaving early cancels it."""
        number = self._new_ref()
        waiting = self._clips.setdefault(number, deque())
        self._send(wire.Generate(request=number, text=text, frames=math.ceil(seconds * 30), seed=seed))
        complete = False
        try:
            while not complete:
                while not waiting:
                    self._wait()
                message = waiting.popleft()
                complete = isinstance(message, (wire.ClipEnd, wire.Error))
                if isinstance(message, wire.Error):
                    raise ServerError(message.code, message.message)
                yield message
        finally:
            del self._clips[number]
            if not complete:
                self._send(wire.Cancel(request=number))

    # The wire

    def _new_ref(self) -> int:
        self._last_ref += 1
        return self._last_ref

    def _rows(self, sticks: Mapping[int, Stick]) -> bytes:
        rows = [(*s.move, math.nan if s.facing is None else s.facing, self._style(s.style)) for s in sticks.values()]
        return np.array(rows, "<f4").tobytes()

    def _style(self, style: str | int) -> int:
        if isinstance(style, int):
            return style
        styles = self.welcome.models[0].styles
        if style not in styles:
            raise InputError(f"no style {style!r} among {', '.join(styles)}")
        return styles.index(style)

    def _remember(self, frame: PoseFrame) -> None:
        """Where each character is: where it would be spawned again."""
        yaws = rot.yaw_of(frame.rotations[:, 0])
        for character, root, yaw in zip(frame.characters, frame.root_positions.tolist(), yaws.tolist(), strict=True):
            spawned = self._spawned.get(character)
            if spawned is not None:
                spawned.transform = (root[0], spawned.transform[1], root[2], yaw)

    def _send(self, message: wire.Message) -> None:
        try:
            self._socket.send(wire.encode(message), zmq.NOBLOCK)
        except zmq.Again:
            raise ConnectionLostError(f"{self.endpoint} takes no more messages; is `motionwire serve` running?") from None

    def _receive(self, deadline: float, pending: wire.Message | None) -> wire.Reply:
        """The next message; a server that has forgotten this session is greeted again and asked `pending` again."""
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ConnectionLostError(f"no answer from {self.endpoint} within {self.timeout:g} s; is `motionwire serve` running?")
            if not self._socket.poll(math.ceil(1000 * min(left, ASK_AGAIN_S))):
                if pending is not self._hello:
                    self._send(wire.Ping())
                continue
            try:
                reply = wire.decode_reply(self._socket.recv())
            except msgspec.MsgspecError as error:
                raise ServerError("bad_message", f"{self.endpoint} does not speak this protocol: {error}") from None
            if not (isinstance(reply, wire.Error) and reply.code == "no_session"):
                return reply
            if pending is not self._hello:  # else it answers something sent before
                self._recover()
                if pending is not None:
                    self._send(pending)

    def _ask(self, request: wire.Message, answer: type[Answer]) -> Answer:
        """Send a request and wait for its answer; other messages that arrive meanwhile are kept."""
        self._send(request)
        of, ref = wire.type_of(request), wire.ref_of(request)
        deadline = time.monotonic() + self.timeout
        while True:
            reply = self._receive(deadline, request)
            if (
                isinstance(reply, answer)
                and wire.ref_of(reply) == ref
                and getattr(reply, "of", of) == of
                and not getattr(reply, "stream", False)
            ):
                return reply
            self._take(reply)

    def _wait(self) -> None:
        """Take one message more; while there is none, the server must answer pings."""
        self._take(self._receive(time.monotonic() + self.timeout, None))

    def _take(self, reply: wire.Reply) -> None:
        """A message that nobody waits for just now."""
        if isinstance(reply, wire.Pose):
            if self._subscription is not None:
                self._poses.append(PoseFrame.of(reply))
        elif isinstance(reply, (wire.Progress, wire.ClipBegin, wire.ClipChunk, wire.ClipEnd)):
            if reply.request in self._clips:
                self._clips[reply.request].append(reply)
        elif isinstance(reply, wire.Error):
            if reply.of == "generate" and reply.ref in self._clips:
                self._clips[reply.ref].append(reply)
            elif reply.of != "cancel":
                raise ServerError(reply.code, reply.message)

    def _recover(self) -> None:
        """The session on a new connection, or a new one where the server forgot it: characters and stream as they were."""
        while self._socket.poll(0):  # answers to the old session's messages
            self._socket.recv()
        resumed = self.hello().resumed
        for number, waiting in self._clips.items():  # what was sent of them meanwhile is lost
            waiting.append(wire.Error(code="no_session", message="the connection was lost", of="generate", ref=number))
        if not resumed:
            for spawn in self._spawned.values():
                self._ask(spawn, wire.Accepted)
        if self._subscription is not None:  # also when resumed: the credit went to frames that never came
            self._ask(self._subscription, wire.Accepted)
