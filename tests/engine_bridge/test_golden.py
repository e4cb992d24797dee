"""The golden vectors: they are what the runtime writes, an independent decoder reads them, and the axes are consistent."""

import hashlib
import hmac
import importlib.util
import json
import math
import re
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest

from motionwire.motion import rotations as rot
from motionwire.motion.axes import ENGINES, engine_axes
from motionwire.server import messages as wire
from motionwire.server.authentication import proof_of

PROTOCOL = Path(__file__).resolve().parents[2] / "engine_bridge" / "protocol"
MESSAGES = json.loads((PROTOCOL / "golden" / "messages.json").read_text(encoding="utf-8"))
AXES = json.loads((PROTOCOL / "golden" / "axes.json").read_text(encoding="utf-8"))


def _generator() -> Any:
    spec = importlib.util.spec_from_file_location("make_golden", PROTOCOL / "make_golden.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_files_are_what_the_runtime_writes() -> None:
    generator = _generator()
    assert generator.messages() == MESSAGES
    fresh = generator.axes()
    for name, engine in {"canonical": AXES["canonical"], **AXES["engines"]}.items():
        made = fresh["canonical"] if name == "canonical" else fresh["engines"][name]
        for key in ("positions", "rotations"):
            np.testing.assert_allclose(made[key], engine[key], atol=1e-6)


@pytest.mark.parametrize("vector", MESSAGES["messages"], ids=lambda vector: vector["name"])
def test_message(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["bytes"])
    assert _generator().plain(msgpack.unpackb(data)) == vector["fields"]
    decode = wire.decode_request if vector["from"] == "client" else wire.decode_reply
    message = decode(data)
    assert wire.type_of(message) == vector["fields"]["t"]
    assert wire.encode(message) == data


@pytest.mark.parametrize("case", MESSAGES["refused"], ids=lambda case: case["name"])
def test_refused(case: dict[str, str]) -> None:
    with pytest.raises(wire.BadMessageError) as caught:
        wire.decode_request(bytes.fromhex(case["bytes"]))
    assert caught.value.reply.code == case["code"]


@pytest.mark.parametrize("case", MESSAGES["proofs"], ids=lambda case: case["token"][:12])
def test_proof(case: dict[str, str]) -> None:
    """As the specification words it, without the runtime's code."""
    made = hmac.new(case["token"].encode("utf-8"), b"motionwire-hello-1" + bytes.fromhex(case["nonce"]), hashlib.sha256)
    assert made.hexdigest() == case["proof"]
    assert proof_of(case["token"], bytes.fromhex(case["nonce"])) == made.digest()


def test_every_message_type_has_a_vector() -> None:
    found = {vector["fields"]["t"] for vector in MESSAGES["messages"]}
    structs = (*wire.Request.__args__, *wire.Reply.__args__)
    assert found == {struct.__struct_config__.tag for struct in structs}


def test_every_optional_key_has_a_vector() -> None:
    """Each key of each message stands in some vector with a value of its own."""
    for struct in (*wire.Request.__args__, *wire.Reply.__args__):
        vectors = [vector["fields"] for vector in MESSAGES["messages"] if vector["fields"]["t"] == struct.__struct_config__.tag]
        for field in struct.__struct_fields__:
            assert any(vector.get(field) is not None for vector in vectors), f"{struct.__name__}.{field}"


def test_specification_names_every_type_field_error_and_event() -> None:
    text = (PROTOCOL / "SPEC.md").read_text(encoding="utf-8")
    assert f"version {wire.VERSION}.{wire.MINOR}" in text
    for struct in (*wire.Request.__args__, *wire.Reply.__args__, wire.Model, wire.Bones, wire.Event):
        if hasattr(struct.__struct_config__, "tag") and struct.__struct_config__.tag:
            assert re.search(rf"\b{struct.__struct_config__.tag}\b", text)
        for field in struct.__struct_fields__:
            assert re.search(rf"\b{field}\b", text), f"{struct.__name__}.{field}"
    for code in wire.ERROR_CODES:
        assert f"`{code}`" in text


@pytest.mark.parametrize("name", ENGINES)
def test_axes_keep_geometry(name: str) -> None:
    """Turning, then converting is converting, then turning: for every engine, with the vectors of the file."""
    engine, canonical, converted = engine_axes(name), AXES["canonical"], AXES["engines"][name]
    for turn, turned in zip(np.array(canonical["rotations"]), np.array(converted["rotations"]), strict=True):
        for point, moved in zip(np.array(canonical["positions"]), np.array(converted["positions"]), strict=True):
            np.testing.assert_allclose(rot.rotate(turned, moved), engine.positions(rot.rotate(turn, point)), atol=1e-4)


@pytest.mark.parametrize(
    ("name", "forward", "up", "left"),
    [
        ("unity", (0, 0, 1), (0, 1, 0), (-1, 0, 0)),  # left-handed, Y up, faces +Z: left is -X
        ("vmc", (0, 0, 1), (0, 1, 0), (-1, 0, 0)),
        ("unreal", (0, 100, 0), (0, 0, 100), (100, 0, 0)),  # left-handed, Z up, cm; facing +Y, left is +X
        ("blender", (0, -1, 0), (0, 0, 1), (1, 0, 0)),  # right-handed, Z up; a figure faces -Y
        ("godot", (0, 0, 1), (0, 1, 0), (1, 0, 0)),
    ],
)
def test_axes_by_hand(name: str, forward: tuple[int, ...], up: tuple[int, ...], left: tuple[int, ...]) -> None:
    canonical = np.array([(0, 0, 1), (0, 1, 0), (1, 0, 0)], np.float32)
    np.testing.assert_array_equal(engine_axes(name).positions(canonical), (forward, up, left))


def test_half_turn_by_hand() -> None:
    """A left turn (towards +X) by 90 degrees about up is the same left turn in every engine."""
    left_turn = rot.from_yaw(np.float32(math.pi / 2))
    half = math.sqrt(0.5)
    expected = {"unity": (0, -half, 0, half), "unreal": (0, 0, -half, half), "blender": (0, 0, half, half), "godot": (0, half, 0, half)}
    for name, quaternion in expected.items():
        np.testing.assert_allclose(engine_axes(name).rotations(left_turn), quaternion, atol=1e-6)
