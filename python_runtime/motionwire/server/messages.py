"""The wire messages: one MessagePack map each, `t` its type, `v` the protocol version.

`engine_bridge/protocol/SPEC.md` is the normative text.
Decoding is strict about types and ranges and ignores unknown fields, so that a newer peer may add some.
Arrays of numbers travel as `bin`: little-endian float32, in the order that each field states.
"""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

VERSION = 1  # `v` of every message; another number is another, incompatible protocol
MINOR = 3  # grows when fields or messages are added

MAX_TEXT = 512  # characters of a sentence
MAX_ID = 2**31 - 1  # characters, requests
MAX_SEED = 2**32 - 1
MAX_STEP_SECONDS = 0.25
MAX_CLIP_FRAMES = 1800  # 60 s at 30 fps
NONCE = 32  # bytes of a challenge's nonce; a proof has as many
HEIGHTS = 12  # trajectory samples of which a game may tell the ground's height
PATH = 6  # future trajectory samples that a game may move

ERROR_CODES = (
    "bad_message", "unknown_type", "version", "unauthorised", "no_session", "unknown_character", "character_exists", "unknown_model",
    "streamed", "not_subscribed", "no_generator", "unknown_request", "request_exists", "generation_failed", "limit", "rate", "internal",
)  # fmt: skip

Id = Annotated[int, Meta(ge=0, le=MAX_ID)]
Count = Annotated[int, Meta(ge=0, le=2**32 - 1)]
Seq = Annotated[int, Meta(ge=0, le=2**53)]
Seed = Annotated[int, Meta(ge=0, le=MAX_SEED)]
Name = Annotated[str, Meta(max_length=128)]
Text = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
Ids = Annotated[list[Id], Meta(max_length=100_000)]
Rate = Annotated[float, Meta(ge=1, le=240)]
Transform = tuple[float, float, float, float]  # x, y, z in m of the ground below a character, and its heading in rad
Finite = Annotated[float, Meta(ge=-1e300, le=1e300)]  # NaN is outside, too
Secret = Annotated[bytes, Meta(max_length=NONCE)]


class Message(Struct, kw_only=True, tag_field="t"):
    """What every message has besides its type."""

    v: int = VERSION


class Hello(Message, tag="hello"):
    """First message of a client. session: the key of a lost session to resume, or empty; nonce, proof: answer to a `challenge`."""

    proto: int
    minor: Count = 0
    client: Name = ""
    engine: Name = ""
    session: Name = ""
    nonce: Secret = b""
    proof: Secret = b""
    ref: Count = 0


class Ping(Message, tag="ping"):
    """Sign of life; time: the client's clock in s, which comes back in `pong`."""

    time: Finite = 0.0


class Bye(Message, tag="bye"):
    """Ends the session; the server answers with the same message, and sends it by itself where it ends a session: reason says why."""

    reason: Annotated[str, Meta(max_length=300)] = ""


class Spawn(Message, tag="spawn"):
    """A new character. model: a name from `welcome`."""

    character: Id
    model: Name = ""
    transform: Transform = (0.0, 0.0, 0.0, 0.0)
    seed: Seed = 0
    ref: Count = 0


class Despawn(Message, tag="despawn"):
    """Removes a character."""

    character: Id
    ref: Count = 0


class Teleport(Message, tag="teleport"):
    """Puts a character elsewhere as it is: what it does, acts and has queued goes on there."""

    character: Id
    transform: Transform
    ref: Count = 0


class Step(Message, tag="step"):
    """Lock-step: advance these characters by dt seconds; answered by `pose` with the same seq.

    input: float32 [N, 4]: desired velocity x, z in m/s (world), facing in rad (NaN: where it moves), style index;
    empty: the last input holds. heights: float32 [N, 12], the ground's height in m under the trajectory's samples (NaN: as where the
    character was spawned); path: float32 [N, 6, 2], where the future samples x, z may be, in m in the world (NaN: as asked for);
    each holds until it is set again. debug: `pose` carries desired, predicted and raw.
    """

    seq: Seq
    characters: Ids
    input: bytes = b""
    dt: Annotated[float, Meta(ge=0, le=MAX_STEP_SECONDS)] = 1 / 60
    heights: bytes = b""
    path: bytes = b""
    debug: bool = False


class Input(Message, tag="input"):
    """Sets the input of streamed characters, laid out as in `step`; no answer."""

    characters: Ids
    input: bytes
    heights: bytes = b""
    path: bytes = b""


class Subscribe(Message, tag="subscribe"):
    """Server-paced poses at `fps`; characters: empty means all of the session, later ones too. One stream per session."""

    characters: Ids = msgspec.field(default_factory=list)
    fps: Rate = 60.0
    credit: Count = 0
    debug: bool = False
    ref: Count = 0


class Credit(Message, tag="credit"):
    """Allows n more frames; without credit the server drops frames and keeps their events."""

    n: Count


class Unsubscribe(Message, tag="unsubscribe"):
    """Ends the stream."""

    ref: Count = 0


class Act(Message, tag="act"):
    """The character acts the sentence out from its present pose. seconds: 0 lets the model decide; queue: after what it acts now."""

    character: Id
    text: Text
    seed: Seed = 0
    seconds: Annotated[float, Meta(ge=0, le=60)] = 0.0
    queue: bool = False
    ref: Count = 0


class Stop(Message, tag="stop"):
    """Ends what the character acts, and what is queued; locomotion goes on."""

    character: Id
    ref: Count = 0


class Generate(Message, tag="generate"):
    """A clip from a sentence. frames at 30 fps, 0 lets the model decide; request: the client's number for it."""

    request: Id
    text: Text
    frames: Annotated[int, Meta(ge=0, le=MAX_CLIP_FRAMES)] = 0
    seed: Seed = 0


class Cancel(Message, tag="cancel"):
    """Ends a clip early; `clip_end` follows with cancelled = true."""

    request: Id


Request = (
    Hello | Ping | Bye | Spawn | Despawn | Teleport | Step | Input | Subscribe | Credit | Unsubscribe | Act | Stop | Generate | Cancel
)  # fmt: skip


class Model(Struct, kw_only=True):
    """A model that the server offers. fps: its own controller rate; acts: whether sentences work."""

    name: str
    version: str = ""
    licence: str = ""
    commercial_use: bool = False
    styles: list[str] = msgspec.field(default_factory=list)
    fps: float = 60.0
    acts: bool = False


class Bones(Struct, kw_only=True):
    """The skeleton: names [J], parents [J] (-1: root), rest offsets float32 [J, 3] in m."""

    names: list[str]
    parents: list[int]
    offsets: bytes


class Challenge(Message, tag="challenge"):
    """Answer to a `hello` without proof where the server has a token: prove to know it, with this nonce, in another `hello`."""

    nonce: bytes
    ref: int = 0


class Welcome(Message, tag="welcome"):
    """Answer to `hello`. session: a secret key that resumes this session; resumed: whether `hello.session` was found."""

    proto: int
    minor: int
    session: str
    resumed: bool
    heartbeat_ms: int
    expiry_ms: int
    server: str
    models: list[Model]
    skeleton: Bones
    characters: list[int]
    ref: int = 0


class Pong(Message, tag="pong"):
    """time: as in `ping`; server_time: the server's monotonic clock in s, the clock of `pose.ts`."""

    time: float
    server_time: float


class Accepted(Message, tag="accepted"):
    """Done, or begun; of: the type of the request; ref: its ref (`generate`: its request)."""

    of: str
    ref: int = 0


class Error(Message, tag="error"):
    """A request failed; of: its type or empty; ref: its ref, seq or request, 0 where it had none."""

    code: str
    message: str
    of: str = ""
    ref: int = 0


class Event(Struct, kw_only=True, omit_defaults=True):
    """What happened to a character: footstep (foot 0 left, 1 right), act_begin, act_end, act_failed (ref of the act), fault. ago: s
    between it and the pose that brings it."""

    kind: str
    character: int
    foot: int = -1
    ref: int = 0
    message: str = ""
    ago: float = 0.0


class Pose(Message, kw_only=True, tag="pose"):
    """Characters at one moment; arrays are float32 in the order of `characters`.

    data [N, 3 + 4 * joints]: root position in m, then local T-pose-relative quaternions xyzw; contacts [N, 4]: left heel, left
    toe, right heel, right toe, 0..1; phase [N] rad; root_delta [N, 3]: x, z in m in the heading frame before and turn in
    rad since the frame before; root [N, 3]: the root joint's x, z in m in the world, and the heading in rad; acting: bytes [N],
    1 while a sentence is acted. seq: of the `step`, or frames of the stream so far, dropped ones too; stream: which of the two.
    Where `debug` asked for it: desired [N, 12, 4] and predicted [N, 6, 4], rows x, z in m, heading in rad, speed in m/s; raw: like
    data, before feet were locked and sentences acted.
    """

    seq: int
    stream: bool = False
    ts: float
    characters: list[int]
    count: int
    joints: int
    data: bytes
    phase: bytes
    contacts: bytes
    root_delta: bytes
    root: bytes = b""
    acting: bytes
    events: list[Event]
    desired: bytes | UnsetType = UNSET
    predicted: bytes | UnsetType = UNSET
    raw: bytes | UnsetType = UNSET


class Progress(Message, tag="progress"):
    """How far a clip is: ahead: requests before it in the queue; frames made so far; total: frames asked for, 0 if the model decides."""

    request: int
    ahead: int
    frames: int
    total: int


class ClipBegin(Message, tag="clip_begin"):
    """A clip starts; offsets: float32 [joints, 3], its skeleton's rest offsets in m."""

    request: int
    fps: float
    joints: int
    offsets: bytes
    seed: int


class ClipChunk(Message, tag="clip_chunk"):
    """Frames first .. first + frames of a clip, data as in `pose`: float32 [frames, 3 + 4 * joints]."""

    request: int
    first: int
    frames: int
    data: bytes


class ClipEnd(Message, tag="clip_end"):
    """The clip is complete, or was cancelled."""

    request: int
    frames: int
    cancelled: bool


Reply = (
    Challenge | Welcome | Pong | Bye | Accepted | Error | Pose | Progress | ClipBegin | ClipChunk | ClipEnd
)  # fmt: skip


class _Head(Struct):
    """What an `error` tells of a message that is no request; other keys are skipped, and no value is built of what these hold: it may be
    millions of objects."""

    t: msgspec.Raw = msgspec.Raw()
    v: msgspec.Raw = msgspec.Raw()
    ref: msgspec.Raw = msgspec.Raw()
    seq: msgspec.Raw = msgspec.Raw()
    request: msgspec.Raw = msgspec.Raw()


class BadMessageError(Exception):
    """A message that is refused; carries the `error` that answers it."""

    def __init__(self, code: str, message: str, of: str = "", ref: int = 0) -> None:
        super().__init__(message)
        self.reply = Error(code=code, message=message[:300], of=of, ref=ref)


_requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_replies: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)
_heads: msgspec.msgpack.Decoder[_Head] = msgspec.msgpack.Decoder(_Head)
_texts: msgspec.msgpack.Decoder[str] = msgspec.msgpack.Decoder(str)
_numbers: msgspec.msgpack.Decoder[int] = msgspec.msgpack.Decoder(int)
_encoder = msgspec.msgpack.Encoder()
REQUEST_TYPES = frozenset(struct.__struct_config__.tag for struct in Request.__args__)


def type_of(message: Message) -> str:
    """Its `t`."""
    return str(message.__struct_config__.tag)


def ref_of(request: Message) -> int:
    """The number by which its answer refers to a request: its ref, seq or request; 0 where it has none."""
    for field in ("ref", "seq", "request"):
        if hasattr(request, field):
            return int(getattr(request, field))
    return 0


def encode(message: Message) -> bytes:
    """A message as bytes."""
    return _encoder.encode(message)


def encode_into(message: Message, buffer: bytearray) -> None:
    """A message as the buffer's contents, which takes no new memory where the buffer was as long before."""
    _encoder.encode_into(message, buffer)


def decode_request(data: bytes) -> Request:
    """A client's message; raises BadMessageError (bad_message, unknown_type, version) with the answer to send."""
    try:
        request = _requests.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise _explain(data, error) from None
    if request.v != VERSION:
        raise _version_error(request.v, type_of(request), ref_of(request))
    return request


def decode_reply(data: bytes) -> Reply:
    """A server's message; raises msgspec.MsgspecError when it is none."""
    return _replies.decode(data)


def _version_error(found: int | None, of: str, ref: int) -> BadMessageError:
    said = "no integer" if found is None else found
    return BadMessageError("version", f"this server speaks protocol version {VERSION}, the message has {said}", of, ref)


def _explain(data: bytes, error: Exception) -> BadMessageError:
    """What is wrong with an undecodable message, as precisely as it can still be read without building what it holds."""
    try:
        head = _heads.decode(data)
    except msgspec.ValidationError:
        return BadMessageError("bad_message", "a message is one map with string keys")
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as reason:
        return BadMessageError("bad_message", f"not MessagePack: {reason}")
    numbers = [_number(value) for value in (head.ref, head.seq, head.request)]
    ref = next((number for number in numbers if number is not None and number >= 0), 0)
    try:
        of = _texts.decode(head.t)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return BadMessageError("bad_message", "a message needs its type 't', a string", "", ref)
    version = _number(head.v) if head.v else VERSION
    if version != VERSION:
        return _version_error(version, of[:32], ref)
    if of not in REQUEST_TYPES:
        return BadMessageError("unknown_type", f"no message {of[:32]!r} in version {VERSION}.{MINOR}", of[:32], ref)
    return BadMessageError("bad_message", str(error), of, ref)


def _number(value: msgspec.Raw) -> int | None:
    """The integer that a field holds, None where it holds something else or is missing."""
    try:
        return _numbers.decode(value)
    except msgspec.DecodeError:
        return None
