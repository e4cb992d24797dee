"""The package's NUnit tests and those of its Unity layer, run by nunit-console; the layer's characters meet a real server."""

import os
import subprocess
from pathlib import Path
from xml.etree import ElementTree

from engine_bridge.unity import build
from engine_bridge.unity.toolchain import or_skip
from server_process import ServerProcess

LEAST_TESTS = 60  # that are found: a runner that finds none fails nothing


def test_nunit(tmp_path: Path) -> None:
    assemblies = or_skip(build.compile_tests)
    result = tmp_path / "result.xml"
    server = ServerProcess()
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
