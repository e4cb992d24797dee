"""Every client tells the version that SPEC.md names, in the hello that it really sends."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgpack
import pytest
import zmq

from engine_bridge.godot.build import environment, script
from engine_bridge.godot.probe import godot
from engine_bridge.unity import build as unity
from engine_bridge.unity.toolchain import or_skip
from engine_bridge.unreal import build as unreal
from engine_bridge.unreal.conftest import made

BRIDGE = Path(__file__).resolve().parents[2] / "engine_bridge"
TOLD = re.search(r"^# .* version (\d+)\.(\d+)$", (BRIDGE / "protocol" / "SPEC.md").read_text(encoding="utf-8"), re.MULTILINE)
HEARD_MS = 60_000  # a program may have to be loaded first


def unity_core(port: int) -> list[str]:
    return [*or_skip(unity.build)["csharp_jit"], "drive", "127.0.0.1", str(port), "step"]


def unreal_core(port: int) -> list[str]:
    return [str(made(unreal.sanitized) / "console"), "drive", "127.0.0.1", str(port)]


def godot_addon(port: int) -> list[str]:
    return [*script(godot(), "probe"), "127.0.0.1", str(port), "0", "1", "step"]


def blender_add_on(port: int) -> list[str]:
    code = "from wire.connection import Connection; Connection('127.0.0.1', int(sys.argv[2])); sys.stdin.read()"
    return [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, sys.argv[1]); {code}",
        str(BRIDGE / "blender/motionwire_blender"),
        str(port),
    ]


def python_client(port: int) -> list[str]:
    return [sys.executable, "-c", f"from motionwire.client import Client; Client('tcp://127.0.0.1:{port}', timeout=60)"]


@pytest.mark.parametrize("words", [unity_core, unreal_core, godot_addon, blender_add_on, python_client])
def test_told_version(words: Callable[[int], list[str]]) -> None:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as server:
        command = words(server.bind_to_random_port("tcp://127.0.0.1"))
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment()) as client:
            try:
                assert server.poll(HEARD_MS), "no hello came"
                hello = msgpack.unpackb(server.recv_multipart()[1])
            finally:
                client.kill()
    assert TOLD is not None
    assert (hello["t"], hello["v"], hello["proto"], hello["minor"]) == ("hello", int(TOLD[1]), int(TOLD[1]), int(TOLD[2]))
