"""Writes golden/messages.json and golden/axes.json from the runtime's own code: `python make_golden.py`."""

import json
import math
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from motionwire.motion import rotations as rot
from motionwire.motion.axes import ENGINES
from motionwire.motion.skeleton import JOINTS, REFERENCE
from motionwire.server import messages as wire
from motionwire.server.authentication import proof_of

FOLDER = Path(__file__).parent / "golden"
TOKEN = "schwertfisch \u00fc"
NONCE = bytes(range(32))


def _f32(*values: float) -> bytes:
    return np.array(values, "<f4").tobytes()


def _pose_data(characters: int) -> bytes:
    """Root positions and rotations by formula: each joint turned about its own axis."""
    joint = np.arange(characters * JOINTS).reshape(characters, JOINTS)
    axes = rot.normalize(np.stack((joint + 1.0, joint % 3 - 1.0, joint % 5 - 2.0), axis=-1))
    quaternions = rot.exp(axes * (0.05 * (joint % 7))[..., None]).reshape(characters, -1)
    roots = np.stack((0.5 * np.arange(characters), np.full(characters, 0.94), -1.25 * np.arange(characters)), axis=1)
    return np.concatenate((roots, quaternions), axis=1).astype("<f4").tobytes()


def _requests() -> dict[str, wire.Message]:
    walk = _f32(0.0, 1.4, math.nan, 0.0)
    heights = [math.nan] * 6 + [0.0, 0.125, 0.25, 0.375, 0.5, 0.5]
    path = [math.nan] * 8 + [0.5, 1.75, 0.625, 1.75]
    return {
        "hello": wire.Hello(proto=1, client="golden", engine="none", ref=1),
        "hello_proof": wire.Hello(proto=1, minor=wire.MINOR, client="golden", nonce=NONCE, proof=proof_of(TOKEN, NONCE), ref=1),
        "hello_resume": wire.Hello(proto=1, client="golden", session="Zk9uT3VyS2V5SXNIZXJl", ref=2),
        "ping": wire.Ping(time=12.5),
        "bye": wire.Bye(),
        "spawn": wire.Spawn(character=7, model="free", transform=(1.0, 0.0, -2.5, 1.5), seed=3, ref=4),
        "despawn": wire.Despawn(character=7, ref=5),
        "teleport": wire.Teleport(character=7, transform=(-40.5, 1.25, 300.0, -3.0), ref=13),
        "step": wire.Step(seq=1, characters=[7], input=walk, dt=1 / 60),
        "step_two": wire.Step(seq=70000, characters=[7, 2147483647], input=walk + _f32(-0.5, 0.25, 3.0, 1.0), dt=0.02),
        "step_same_input": wire.Step(seq=3, characters=[7]),
        "step_ground_and_walls": wire.Step(
            seq=4, characters=[7], input=walk, heights=_f32(*heights), path=_f32(*path), debug=True,
        ),
        "input": wire.Input(characters=[7], input=walk),
        "input_ground_and_walls": wire.Input(characters=[7], input=walk, heights=_f32(*heights), path=_f32(*path)),
        "subscribe": wire.Subscribe(characters=[7], fps=60.0, credit=4, ref=6),
        "subscribe_debug": wire.Subscribe(characters=[], fps=30.0, credit=2, debug=True, ref=6),
        "credit": wire.Credit(n=1),
        "unsubscribe": wire.Unsubscribe(ref=7),
        "act": wire.Act(character=7, text="a person waves with the right hand", seed=11, seconds=4.0, queue=True, ref=8),
        "act_unicode": wire.Act(character=7, text="verbeugt sich höflich 🙇", ref=9),
        "stop": wire.Stop(character=7, ref=10),
        "generate": wire.Generate(request=12, text="someone jogs in a circle", frames=120, seed=4294967295),
        "cancel": wire.Cancel(request=12),
    }  # fmt: skip


def _replies() -> dict[str, wire.Message]:
    model = wire.Model(name="free", version="1", licence="free for all uses", commercial_use=True, styles=["neutral"], acts=True)
    offsets = REFERENCE.offsets.astype("<f4").tobytes()
    bones = wire.Bones(names=list(REFERENCE.names), parents=list(REFERENCE.parents), offsets=offsets)
    return {
        "challenge": wire.Challenge(nonce=NONCE, ref=1),
        "welcome": wire.Welcome(
            proto=1, minor=wire.MINOR, session="Zk9uT3VyS2V5SXNIZXJl", resumed=False, heartbeat_ms=1000, expiry_ms=10000,
            server="motionwire", models=[model], skeleton=bones, characters=[], ref=1,
        ),
        "pong": wire.Pong(time=12.5, server_time=1234.0625),
        "bye_from_server": wire.Bye(reason="the server stops"),
        "accepted": wire.Accepted(of="spawn", ref=4),
        "error": wire.Error(code="unknown_character", message="this session has no character 8", of="act", ref=9),
        "pose": wire.Pose(
            seq=70000, ts=1234.5, characters=[7, 2147483647], count=2, joints=JOINTS, data=_pose_data(2), phase=_f32(0.5, 6.25),
            contacts=_f32(1, 1, 0, 0.5, 0, 0.25, 1, 1), root_delta=_f32(0, 0.0234375, 0, -0.0078125, 0.015625, 0.0625),
            root=_f32(0, 0, 0.5, 0.5, -1.25, -3), acting=b"\x00\x01",
            events=[
                wire.Event(kind="footstep", character=7, foot=0, ago=0.0625),
                wire.Event(kind="act_begin", character=2147483647, ref=8),
                wire.Event(kind="act_failed", character=7, ref=9, message="the model broke"),
            ],
        ),
        "pose_streamed": wire.Pose(
            seq=3, stream=True, ts=1235.0, characters=[7], count=1, joints=JOINTS, data=_pose_data(1), phase=_f32(0),
            contacts=_f32(1, 1, 1, 1), root_delta=_f32(0, 0, 0), root=_f32(0, 0, 0), acting=b"\x00", events=[],
        ),
        "pose_debug": wire.Pose(
            seq=4, ts=1236.0, characters=[7], count=1, joints=JOINTS, data=_pose_data(1), phase=_f32(3), contacts=_f32(0, 0, 1, 1),
            root_delta=_f32(0, 0.0234375, 0), root=_f32(0, 0, 0.25), acting=b"\x00", events=[],
            desired=_f32(*np.arange(48) / 16), predicted=_f32(*np.arange(24) / -16), raw=_pose_data(1),
        ),
        "progress": wire.Progress(request=12, ahead=1, frames=0, total=120),
        "clip_begin": wire.ClipBegin(request=12, fps=30.0, joints=JOINTS, offsets=offsets, seed=4294967295),
        "clip_chunk": wire.ClipChunk(request=12, first=4, frames=2, data=_pose_data(2)),
        "clip_end": wire.ClipEnd(request=12, frames=120, cancelled=False),
    }  # fmt: skip


def _refused() -> list[dict[str, str]]:
    def packed(**fields: Any) -> bytes:
        return msgspec.msgpack.encode(fields)

    cases = {
        "nothing": (b"", "bad_message"),
        "not_messagepack": (b"\xc1", "bad_message"),
        "cut_off": (wire.encode(wire.Ping(time=1.0))[:-3], "bad_message"),
        "two_values": (wire.encode(wire.Bye()) * 2, "bad_message"),
        "an_array": (msgspec.msgpack.encode([1, 2]), "bad_message"),
        "nested_too_deeply": (b"\x82\xa1t\xa4ping\xa1x" + b"\x91" * 5000 + b"\x00", "bad_message"),
        "no_type": (packed(v=1), "bad_message"),
        "other_type": (packed(t="levitate", v=1), "unknown_type"),
        "other_version": (packed(t="ping", v=2, time=0.0), "version"),
        "hello_other_version": (packed(t="hello", v=2, proto=2), "version"),
        "wrong_field_type": (packed(t="despawn", v=1, character="seven"), "bad_message"),
        "missing_field": (packed(t="step", v=1, characters=[7]), "bad_message"),
        "negative_character": (packed(t="despawn", v=1, character=-1), "bad_message"),
        "half_a_transform": (packed(t="teleport", v=1, character=7, transform=[1.0, 0.0]), "bad_message"),
        "teleport_to_nowhere": (packed(t="teleport", v=1, character=7), "bad_message"),
        "empty_sentence": (packed(t="act", v=1, character=7, text=""), "bad_message"),
        "long_sentence": (packed(t="act", v=1, character=7, text="a" * 513), "bad_message"),
        "half_a_height": (packed(t="step", v=1, seq=1, characters=[7], heights="flat"), "bad_message"),
        "long_proof": (packed(t="hello", v=1, proto=1, nonce=NONCE, proof=bytes(33)), "bad_message"),
        "many_characters": (packed(t="subscribe", v=1, characters=[1] * 100_001), "bad_message"),
        "endless_step": (packed(t="step", v=1, seq=1, characters=[], dt=9.0), "bad_message"),
    }
    return [{"name": name, "bytes": data.hex(), "code": code} for name, (data, code) in cases.items()]


def plain(value: Any) -> Any:
    """What JSON can hold: bytes as {"bin": hex}."""
    if isinstance(value, bytes):
        return {"bin": value.hex()}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def messages() -> dict[str, Any]:
    """The contents of messages.json."""
    vectors = []
    for sender, group in (("client", _requests()), ("server", _replies())):
        for name, message in group.items():
            data = wire.encode(message)
            vectors.append({"name": name, "from": sender, "bytes": data.hex(), "fields": plain(msgspec.msgpack.decode(data))})
    proofs = [
        {"token": token, "nonce": nonce.hex(), "proof": proof_of(token, nonce).hex()}
        for token, nonce in ((TOKEN, NONCE), ("secret", bytes(32)), ("x" * 100, NONCE[::-1]))
    ]
    return {"version": [wire.VERSION, wire.MINOR], "messages": vectors, "refused": _refused(), "proofs": proofs}


def axes() -> dict[str, Any]:
    """The contents of axes.json; exact in float32."""
    positions = np.array([(1, 0, 0), (0, 1, 0), (0, 0, 1), (0.25, 0.9375, -1.5), (-3.125, 0.0, 2.75)], np.float32)
    turns = np.array([(0, 0, 0), (1.5, 0, 0), (0, -0.75, 0), (0, 0, 2.25), (0.4, -1.1, 0.7), (-1.9, 0.3, 1.2)])
    rotations = rot.exp(turns).astype(np.float32)
    return {
        "canonical": {"positions": positions.tolist(), "rotations": rotations.tolist()},
        "engines": {
            name: {"positions": engine.positions(positions).tolist(), "rotations": engine.rotations(rotations).tolist()}
            for name, engine in ENGINES.items()
        },
    }


def main() -> None:
    """Write both files."""
    FOLDER.mkdir(exist_ok=True)
    for name, content in (("messages.json", messages()), ("axes.json", axes())):
        (FOLDER / name).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
