"""The package's NUnit tests and those of its Unity layer, run by nunit-console; the layer's characters meet a real server."""

import os
import subprocess
from pathlib import Path
from xml.etree import ElementTree

from engine_bridge.unity import build
from engine_bridge.unity.toolchain import or_skip
from motionwire.client import Client
from motionwire.client_frames import Stick
from server_process import ServerProcess

LEAST_TESTS = 60  # that are found: a runner that finds none fails nothing


def compile_kernels(endpoint: str) -> None:
    """Let the server act once: what of its frame loop is not compiled yet takes seconds, in which it answers nobody."""
    with Client(endpoint, timeout=120) as client:
        client.spawn(1)
        client.act(1, "a person waves", seconds=0.5)
        while not client.step({1: Stick()}).acting[0]:
            pass
        while client.step({1: Stick()}).acting[0]:
            pass
        for _ in range(60):  # the hand-over back
            client.step({1: Stick(move=(0.0, 1.0))})


def test_nunit(tmp_path: Path) -> None:
    assemblies = or_skip(build.compile_tests)
    result = tmp_path / "result.xml"
    server = ServerProcess()
    compile_kernels(server.endpoint)
    words = ["nunit-console", "-nologo", "-noshadow", "-nodots", "-domain=None", f"-xml={result}", *map(str, assemblies)]
    environment = {**os.environ, "MOTIONWIRE_TEST_PORT": server.endpoint.rpartition(":")[2]}
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=240, check=False)
    server.close()
    assert result.is_file(), done.stdout + done.stderr
    ran = ElementTree.parse(result).getroot()
    failed = [case for case in ran.iter("test-case") if case.get("success") != "True"]
    said = "\n".join(f"{case.get('name')}: {''.join(text.strip() for text in case.itertext())}" for case in failed)
    assert not failed, said
    assert done.returncode == 0, done.stdout
    assert int(ran.get("total", "0")) >= LEAST_TESTS, done.stdout
    assert ran.get("not-run") == "0"
