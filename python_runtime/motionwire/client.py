"""Python client of the runtime: `with Client() as client: client.spawn(1); frame = client.step({1: Stick(move=(0, 1.4))})`.

Blocking and single-threaded. Every call has a time limit: it raises ConnectionLostError when the server does not answer and
ServerError when it refuses. A server that was restarted, or that forgot a silent client, is greeted again and gets this
client's characters back where they stood, with the input that `move` set last (their gait, the ground's heights and what they
acted is lost).
"""

import contextlib
import math
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

import msgspec
import numpy as np
import zmq

from motionwire.client_frames import Crowd, PoseFrame, Stick, blob
from motionwire.errors import InputError
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import Skeleton
from motionwire.server import curve
from motionwire.server import messages as wire
from motionwire.server.authentication import proof_of
from motionwire.server.settings import DEFAULT_HOST, DEFAULT_PORT

ENDPOINT = f"tcp://{DEFAULT_HOST}:{DEFAULT_PORT}"
ASK_AGAIN_S = 0.3  # silence after which the server is greeted or pinged again: a new one answers that it does not know us
RECONNECT_MS = (20, 100)  # between two tries to connect, at first and at most
SPAWNED_AT_ONCE = 256
UNANSWERED = ("cancel", "input", "credit")  # requests that are answered only if they fail, when another call is under way
GROUPS = 64  # sets of characters whose last frame is remembered

Answer = TypeVar("Answer", bound=wire.Message)


class ServerError(Exception):
    """The server refused a request; code: one of the protocol's error codes."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class ConnectionLostError(TimeoutError):
    """The server did not answer in time."""


@dataclass(frozen=True)
class Keys:
    """CURVE key files: the server's public one and this client's secret one, as `motionwire keys` makes them."""

    server: Path
    own: Path


class Client:
    """One session with a server. timeout: s that any call waits for an answer; token, keys: where the server asks for them. Says hello
    at once."""

    def __init__(
        self,
        endpoint: str = ENDPOINT,
        token: str = "",
        timeout: float = 5.0,
        name: str = "motionwire python client",
        engine: str = "python",
        keys: Keys | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.timeout = timeout
        self._hello = wire.Hello(proto=wire.VERSION, minor=wire.MINOR, client=name, engine=engine)
        self._token = token
        self._spawned: dict[int, wire.Spawn] = {}
        self._moved: dict[int, wire.Input] = {}  # what told of each character's input last
        self._seen: dict[tuple[int, ...], PoseFrame] = {}  # the last frame of each set of characters, the newest last
        self._subscription: wire.Subscribe | None = None
        self._last_ref = 0
        self._seq = 0
        self._poses: deque[PoseFrame] = deque()
        self._clips: dict[int, deque[wire.Reply]] = {}
        self._socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.DEALER)
        self._socket.setsockopt(zmq.LINGER, 200)
        self._socket.setsockopt(zmq.RECONNECT_IVL, RECONNECT_MS[0])
        self._socket.setsockopt(zmq.RECONNECT_IVL_MAX, RECONNECT_MS[1])
        self._socket.setsockopt(zmq.IPV6, int("[" in endpoint))
        try:
            if keys is not None:
                curve.dress(self._socket, keys.server, keys.own)
            self._socket.connect(endpoint)
        except InputError:
            self._socket.close()
            raise
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
        hello, deadline = self._hello, time.monotonic() + self.timeout
        hello.ref = self._new_ref()
        while True:
            hello.nonce = hello.proof = b""
            self._send(hello)
            while (reply := self._next(min(deadline, time.monotonic() + ASK_AGAIN_S))) is not None:
                if isinstance(reply, wire.Challenge) and reply.ref == hello.ref and self._token:
                    hello.nonce, hello.proof = reply.nonce, proof_of(self._token, reply.nonce)
                    self._send(hello)
                elif isinstance(reply, wire.Challenge) and reply.ref == hello.ref:
                    raise ServerError("unauthorised", "the server asks for a token")
                elif isinstance(reply, wire.Welcome) and reply.ref == hello.ref:
                    self._take(reply)
                    return reply
                elif isinstance(reply, wire.Error) and reply.of == "hello":
                    raise ServerError(reply.code, reply.message)
            if time.monotonic() >= deadline:
                raise self._lost()

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
        self._where()  # what was seen of others; what came until now of this number is of one before
        self._spawned[character] = request

    def despawn(self, character: int) -> None:
        """Remove a character."""
        self._ask(wire.Despawn(character=character, ref=self._new_ref()), wire.Accepted)
        self._spawned.pop(character, None)
        self._moved.pop(character, None)

    def teleport(self, character: int, position: tuple[float, float, float], heading: float = 0.0) -> None:
        """Put a character to position (m; y: its ground) with this heading (rad) as it is: what it does and acts goes on there. Frames of a
        stream that have come already show the old place."""
        request = wire.Teleport(character=character, transform=(*position, heading), ref=self._new_ref())
        self._ask(request, wire.Accepted)
        self._where()  # what came until now shows it at the old place
        self._spawned[character].transform = request.transform

    def step(self, sticks: Mapping[int, Stick] | Crowd, dt: float = 1 / 60, debug: bool = False) -> PoseFrame:
        """Advance these characters by dt seconds and return them, in the order given. debug: with paths and the network's own pose."""
        self._seq += 1
        crowd = self._crowd(sticks)
        request = wire.Step(seq=self._seq, characters=crowd.characters, input=blob(crowd.rows), dt=dt, debug=debug)
        request.heights, request.path = blob(crowd.heights), blob(crowd.path)
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

    def subscribe(self, characters: list[int] | None = None, fps: float = 60.0, credit: int = 4, debug: bool = False) -> None:
        """Let the server pace these characters (None: all); then iterate over `frames`, and set input with `move`."""
        self._begin_stream(wire.Subscribe(characters=characters or [], fps=fps, credit=credit, debug=debug, ref=self._new_ref()))

    def unsubscribe(self) -> None:
        """End the stream."""
        self._subscription = None
        self._ask(wire.Unsubscribe(ref=self._new_ref()), wire.Accepted)
        self._poses.clear()

    def move(self, sticks: Mapping[int, Stick] | Crowd) -> None:
        """Input of streamed characters."""
        crowd = self._crowd(sticks)
        blobs = (blob(crowd.rows), blob(crowd.heights), blob(crowd.path))
        told = wire.Input(characters=list(crowd.characters), input=blobs[0], heights=blobs[1], path=blobs[2])
        self._send(told)
        self._moved.update(dict.fromkeys(told.characters, told))

    def frames(self) -> Iterator[PoseFrame]:
        """The stream's frames, each given back as credit; ends with `unsubscribe`, and where a server was restarted after all who were
        listed had been despawned."""
        while self._subscription is not None:
            if not self._poses:
                self._wait()
                continue
            frame = self._poses.popleft()
            self._send(wire.Credit(n=1))
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

    def _crowd(self, sticks: Mapping[int, Stick] | Crowd) -> Crowd:
        if isinstance(sticks, Crowd):
            return sticks
        rows = [(*s.move, math.nan if s.facing is None else s.facing, self._style(s.style)) for s in sticks.values()]
        return Crowd(list(sticks), np.array(rows, np.float32))

    def _style(self, style: str | int) -> int:
        if isinstance(style, int):
            return style
        styles = self.welcome.models[0].styles
        if style not in styles:
            raise InputError(f"no style {style!r} among {', '.join(styles)}")
        return styles.index(style)

    def _remember(self, frame: PoseFrame) -> None:
        """Keep where its characters are; costs nothing per character."""
        group = tuple(frame.characters)
        self._seen.pop(group, None)
        self._seen[group] = frame
        if len(self._seen) > GROUPS:
            self._where()

    def _where(self) -> None:
        """Where each character was seen last: where it would be spawned again."""
        for frame in self._seen.values():
            for character, (x, z, heading) in zip(frame.characters, frame.root.tolist(), strict=True):
                spawned = self._spawned.get(character)
                if spawned is not None:
                    spawned.transform = (x, spawned.transform[1], z, heading)
        self._seen.clear()

    def _send(self, message: wire.Message) -> None:
        try:
            self._socket.send(wire.encode(message), zmq.NOBLOCK)
        except zmq.Again:
            raise ConnectionLostError(f"{self.endpoint} takes no more messages; is `motionwire serve` running?") from None

    def _next(self, deadline: float) -> wire.Reply | None:
        """The next message, None when there is none in time."""
        left = max(0.0, deadline - time.monotonic())
        self._socket.setsockopt(zmq.RCVTIMEO, math.ceil(1000 * left))
        try:
            return wire.decode_reply(self._socket.recv())
        except zmq.Again:
            return None
        except msgspec.MsgspecError as error:
            raise ServerError("bad_message", f"{self.endpoint} does not speak this protocol: {error}") from None

    def _receive(self, deadline: float, pending: wire.Message | None) -> wire.Reply:
        """The next message; a server that has forgotten this session is greeted again and asked `pending` again."""
        while True:
            reply = self._next(min(deadline, time.monotonic() + ASK_AGAIN_S))
            if reply is None:
                if time.monotonic() >= deadline:
                    raise self._lost()
                self._send(wire.Ping())
            elif isinstance(reply, wire.Bye) or (isinstance(reply, wire.Error) and reply.code == "no_session"):
                self._recover()
                if pending is not None:
                    self._send(pending)
            else:
                return reply

    def _lost(self) -> ConnectionLostError:
        return ConnectionLostError(f"no answer from {self.endpoint} within {self.timeout:g} s; is `motionwire serve` running?")

    def _ask(self, request: wire.Message, answer: type[Answer]) -> Answer:
        """Send a request and wait for its answer."""
        self._send(request)
        return self._answer(request, answer)

    def _answer(self, request: wire.Message, answer: type[Answer]) -> Answer:
        """The answer to a request that was sent; other messages that arrive meanwhile are kept."""
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
        if isinstance(reply, wire.Welcome):  # the last one counts: a hello that was sent twice opened two sessions, one after the other
            self.welcome = reply
            self._hello.session = reply.session
        elif isinstance(reply, wire.Pose):
            if self._subscription is not None and reply.stream:  # else the answer to a step that was given up
                self._poses.append(PoseFrame.of(reply))
                self._remember(self._poses[-1])
        elif isinstance(reply, (wire.Progress, wire.ClipBegin, wire.ClipChunk, wire.ClipEnd)):
            if reply.request in self._clips:
                self._clips[reply.request].append(reply)
        elif isinstance(reply, wire.Error):
            if reply.of == "generate" and reply.ref in self._clips:
                self._clips[reply.ref].append(reply)
            elif reply.of not in UNANSWERED:
                raise ServerError(reply.code, reply.message)

    def _recover(self) -> None:
        """The session on a new connection, or a new one where the server forgot it: characters and stream as they were."""
        there = set(self.hello().characters)
        for number, waiting in self._clips.items():  # what was sent of them meanwhile is lost
            waiting.append(wire.Error(code="no_session", message="the connection was lost", of="generate", ref=number))
        for unknown in there - self._spawned.keys():  # the answer to its spawn was lost: that is asked again
            self._ask(wire.Despawn(character=unknown, ref=self._new_ref()), wire.Accepted)
        self._where()
        spawns = [spawn for character, spawn in self._spawned.items() if character not in there]
        for first in range(0, len(spawns), SPAWNED_AT_ONCE):
            for spawn in spawns[first : first + SPAWNED_AT_ONCE]:
                self._send(spawn)
            for spawn in spawns[first : first + SPAWNED_AT_ONCE]:
                self._answer(spawn, wire.Accepted)
        for told in {id(told): told for told in self._moved.values()}.values():
            self._tell_again(told)
        if self._subscription is not None:  # also when resumed: the credit went to frames that never came
            self._resume_stream(self._subscription)

    def _begin_stream(self, subscription: wire.Subscribe) -> None:
        self._ask(subscription, wire.Accepted)
        self._subscription = subscription
        self._poses.clear()  # of the stream before: taking them would give credit to this one

    def _resume_stream(self, subscription: wire.Subscribe) -> None:
        """The stream as it was, of those that are there; it is over where all who were listed are gone."""
        present = [character for character in subscription.characters if character in self._spawned]
        if present or not subscription.characters:
            self._begin_stream(msgspec.structs.replace(subscription, characters=present))
        else:
            self._subscription = None
            self._poses.clear()

    def _tell_again(self, told: wire.Input) -> None:
        """The input of those characters that nothing told of since; the ground's heights belong to a path that is over."""
        rows = [row for row, one in enumerate(told.characters) if self._moved.get(one) is told and one in self._spawned]
        blobs = (told.input, told.path)
        kept = [np.frombuffer(data, "<f4").reshape(len(told.characters), -1)[rows].tobytes() if data else b"" for data in blobs]
        self._send(wire.Input(characters=[told.characters[row] for row in rows], input=kept[0], path=kept[1]))
