"""What each request does, apart from sockets: a request and the session it belongs to become an answer."""

import logging
import math
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from motionwire import __version__
from motionwire.acting import Act
from motionwire.character import Cast
from motionwire.server import messages as wire
from motionwire.server.authentication import Gate
from motionwire.server.clips import Clips
from motionwire.server.doorman import Peer
from motionwire.server.frames import Part
from motionwire.server.messages import BadMessageError
from motionwire.server.session import Session, Sessions
from motionwire.server.settings import Settings
from motionwire.server.wanted import Wanted, parse

log = logging.getLogger(__name__)

ZEROMQS_OWN = 5  # bytes of an address that ZeroMQ made, the first of which is 0
REACH = 100_000.0  # m: transforms beyond lose too much float32 precision


class Handlers:
    """The server's state and one method per request type; steps are only collected (`steps`), the loop runs them in batches.

    make_room: called when there are as many sessions as the server takes, to end those whose connection is lost.
    """

    def __init__(self, cast: Cast, models: list[wire.Model], clips: Clips, settings: Settings, make_room: Callable[[], None]) -> None:
        self.cast = cast
        self.clips = clips
        self.sessions = Sessions(settings.limits, settings.expiry_ms / 1000)
        self.steps: list[Part] = []
        self._gate = Gate(settings.token, settings.challenge_ms / 1000)
        self._make_room = make_room
        self._models = models
        self._settings = settings
        self._bones = wire.Bones(
            names=list(cast.skeleton.names), parents=list(cast.skeleton.parents), offsets=cast.skeleton.offsets.astype("<f4").tobytes()
        )
        self._by_type: dict[type, Callable[..., wire.Message | None]] = {
            wire.Ping: self._ping,
            wire.Spawn: self._spawn,
            wire.Despawn: self._despawn,
            wire.Teleport: self._teleport,
            wire.Step: self._step,
            wire.Input: self._input,
            wire.Subscribe: self._subscribe,
            wire.Credit: self._credit,
            wire.Unsubscribe: self._unsubscribe,
            wire.Act: self._act,
            wire.Stop: self._stop,
            wire.Generate: self._generate,
            wire.Cancel: self._cancel,
            wire.Bye: self._bye,
        }

    def handle(self, peer: Peer, request: wire.Request, now: float) -> wire.Message | None:
        """The answer to one request, None where there is none now; raises BadMessageError."""
        session = self.sessions.of(peer)
        if session is not None:
            session.seen = now
        elif self.sessions.find(peer.address) is not None or (isinstance(request, wire.Hello) and _is_claimed(peer.address)):
            text = "the client has set a ZeroMQ routing id, which others may set too"
            raise BadMessageError("bad_message", text, wire.type_of(request), wire.ref_of(request))
        if isinstance(request, wire.Hello):
            return self._hello(peer, request, now)
        if session is None:
            raise BadMessageError("no_session", "say hello first", wire.type_of(request), wire.ref_of(request))
        return self._by_type[type(request)](session, request)

    def end(self, session: Session) -> None:
        """Close a session: its characters, clips and pending steps go."""
        self.clips.drop(session)
        self.cast.despawn(list(session.characters.values()))
        self.sessions.close(session)
        self.steps = [part for part in self.steps if part.session is not session]
        log.info("session %d ended", session.number, extra={"session": session.number})

    def _hello(self, peer: Peer, request: wire.Hello, now: float) -> wire.Message:
        if request.proto != wire.VERSION:
            text = f"this server speaks protocol {wire.VERSION}, the client asked for {request.proto}"
            raise BadMessageError("version", text, "hello", request.ref)
        if not self._gate.is_open:
            if not request.proof:
                return wire.Challenge(nonce=self._gate.challenge(peer.address, now), ref=request.ref)
            if not self._gate.admits(peer.address, request.nonce, request.proof, now):
                log.warning("refused a hello with a wrong proof from %r", request.client, extra={"client": request.client})
                text = "the proof is wrong, or its challenge too old, used before or another connection's"
                raise BadMessageError("unauthorised", text, "hello", request.ref)
        present = self.sessions.of(peer)
        session = None
        if request.session:
            if present is not None and present.key != request.session:
                self.end(present)
                present = None
            session = self.sessions.resume(peer, request.session, now)
        resumed = session is not None
        if present is not None and not request.session and request.ref and present.greeting == request.ref:
            session = present  # the same hello again, from a client that could not wait
        if session is None:
            if present is not None:
                self.end(present)
            if len(self.sessions) >= self._settings.limits.sessions:
                self._make_room()
            session = self.sessions.open(peer, request.client, now, request.ref)
        about = {"session": session.number, "client": request.client, "engine": request.engine, "resumed": resumed}
        happened = "resumed" if resumed else "opened"
        log.info("session %d of %r (%r) %s", session.number, request.client, request.engine, happened, extra=about)
        return wire.Welcome(
            proto=wire.VERSION,
            minor=min(wire.MINOR, request.minor),
            session=session.key,
            resumed=resumed,
            heartbeat_ms=self._settings.heartbeat_ms,
            expiry_ms=self._settings.expiry_ms,
            server=f"motionwire {__version__}",
            models=self._models,
            skeleton=self._bones,
            characters=list(session.characters),
            ref=request.ref,
        )

    def _ping(self, _session: Session, request: wire.Ping) -> wire.Message:
        return wire.Pong(time=request.time, server_time=time.monotonic())

    def _bye(self, session: Session, _request: wire.Bye) -> wire.Message:
        self.end(session)
        return wire.Bye()

    def _spawn(self, session: Session, request: wire.Spawn) -> wire.Message:
        limits = self._settings.limits
        if request.character in session.characters:
            raise BadMessageError("character_exists", f"character {request.character} is there already", "spawn", request.ref)
        if len(session.characters) >= limits.characters or self.sessions.characters >= limits.characters_total:
            text = f"{len(session.characters)} characters in this session, {self.sessions.characters} in all"
            raise BadMessageError("limit", text, "spawn", request.ref)
        if request.model and request.model not in {model.name for model in self._models}:
            raise BadMessageError("unknown_model", f"no model {request.model!r}", "spawn", request.ref)
        session.add(request.character, self.cast.spawn(*_place_of(request), request.seed))
        return wire.Accepted(of="spawn", ref=request.ref)

    def _despawn(self, session: Session, request: wire.Despawn) -> wire.Message:
        self.cast.despawn([session.handle(request.character, "despawn", request.ref)])
        session.remove(request.character)
        return wire.Accepted(of="despawn", ref=request.ref)

    def _teleport(self, session: Session, request: wire.Teleport) -> wire.Message:
        self.cast.teleport(session.handle(request.character, "teleport", request.ref), *_place_of(request))
        return wire.Accepted(of="teleport", ref=request.ref)

    def _step(self, session: Session, request: wire.Step) -> None:
        wanted = parse(request, len(self.cast.styles), request.seq)
        handles = session.handles(request.characters, "step", request.seq)
        if session.stream is not None:
            streamed = next((c for c in request.characters if session.stream.advances(c)), None)
            if streamed is not None:
                raise BadMessageError("streamed", f"character {streamed} is advanced by the stream", "step", request.seq)
        self._set_input(handles, wanted)
        session.step()
        self.steps.append(Part(session, request.seq, request.characters, handles, request.dt, request.debug, received=session.seen))

    def _input(self, session: Session, request: wire.Input) -> None:
        wanted = parse(request, len(self.cast.styles))
        self._set_input(session.handles(request.characters, "input"), wanted)

    def _set_input(self, handles: NDArray[np.intp], wanted: Wanted) -> None:
        if wanted.rows is not None:
            self.cast.set_input(handles, wanted.rows)
        if wanted.heights is not None:
            self.cast.set_heights(handles, wanted.heights)
        if wanted.path is not None:
            self.cast.set_path(handles, wanted.path)

    def _subscribe(self, session: Session, request: wire.Subscribe) -> wire.Message:
        for character in request.characters:
            session.handle(character, "subscribe", request.ref)
        session.subscribe(request.characters, request.fps, request.credit, request.debug)
        return wire.Accepted(of="subscribe", ref=request.ref)

    def _credit(self, session: Session, request: wire.Credit) -> None:
        if session.stream is None:
            raise BadMessageError("not_subscribed", "no stream to give credit to", "credit")
        session.stream.credit = min(session.stream.credit + request.n, 2**32 - 1)

    def _unsubscribe(self, session: Session, request: wire.Unsubscribe) -> wire.Message:
        session.unsubscribe()
        return wire.Accepted(of="unsubscribe", ref=request.ref)

    def _act(self, session: Session, request: wire.Act) -> wire.Message:
        handle = session.handle(request.character, "act", request.ref)
        if not self.cast.can_act:
            raise BadMessageError("no_generator", "this server's model does not act sentences", "act", request.ref)
        if not request.text.strip():
            raise BadMessageError("bad_message", "the sentence is empty", "act", request.ref)
        limits = self._settings.limits
        acts = self.cast.acts_of(handle)
        if acts and _asked_again(acts[-1], request):
            return wire.Accepted(of="act", ref=request.ref)
        if request.queue and len(acts) > limits.acts_queued:
            raise BadMessageError("limit", f"{limits.acts_queued} sentences are queued", "act", request.ref)
        if request.queue or not acts:  # else it takes another one's place
            self._check_room(session, request.ref)
        self.cast.act(handle, request.text, request.seed, request.seconds or None, request.queue, request.ref)
        return wire.Accepted(of="act", ref=request.ref)

    def _check_room(self, session: Session, ref: int) -> None:
        """Whether one more sentence fits; raises BadMessageError(limit)."""
        limits, total = self._settings.limits, self.cast.acts
        if total >= limits.acts_total:
            raise BadMessageError("limit", f"the server acts and queues {total} sentences", "act", ref)
        if total >= limits.acts and sum(len(self.cast.acts_of(handle)) for handle in session.names) >= limits.acts:
            raise BadMessageError("limit", f"this session acts and queues {limits.acts} sentences", "act", ref)

    def _stop(self, session: Session, request: wire.Stop) -> wire.Message:
        self.cast.stop(session.handle(request.character, "stop", request.ref))
        return wire.Accepted(of="stop", ref=request.ref)

    def _generate(self, session: Session, request: wire.Generate) -> None:
        if not request.text.strip():
            raise BadMessageError("bad_message", "the sentence is empty", "generate", request.request)
        self.clips.start(session, request)

    def _cancel(self, session: Session, request: wire.Cancel) -> None:
        self.clips.cancel(session, request.request)


def _is_claimed(address: bytes) -> bool:
    """Whether it is none that ZeroMQ makes."""
    return bool(address[0]) or len(address) != ZEROMQS_OWN


def _place_of(request: wire.Spawn | wire.Teleport) -> tuple[NDArray[np.float32], float]:
    """Position [3] and heading of a transform; raises BadMessageError."""
    if not all(math.isfinite(value) and abs(value) <= REACH for value in request.transform):
        raise BadMessageError("bad_message", f"transform must be finite and within {REACH:g} m", wire.type_of(request), request.ref)
    *position, heading = request.transform
    return np.array(position, np.float32), heading


def _asked_again(act: Act, request: wire.Act) -> bool:
    """Whether a sentence under way is the one asked for: the connection broke before its client heard that it was accepted."""
    same = (act.ref, act.text, act.seed, act.seconds) == (request.ref, request.text, request.seed, request.seconds or None)
    return same and request.ref != 0
