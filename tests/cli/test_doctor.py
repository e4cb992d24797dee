"""`motionwire doctor` says what works by trying it, and what does not with its reason; `motionwire keys` makes files that work."""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from packaging.requirements import Requirement

import toy_bundle
from motionwire.bundle import Bundle
from motionwire.cli import doctor as command
from motionwire.doctor import models, packages
from server_process import ServerProcess


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_bundle.write(tmp_path_factory.mktemp("bundles") / "toy")


def motionwire(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "motionwire", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def examined(*arguments: object) -> tuple[int, dict]:
    done = motionwire("doctor", "--json", *arguments)
    return done.returncode, json.loads(done.stdout)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_what_works(bundle: Path) -> None:
    port = free_port()
    code, found = examined("--bundle", bundle, "--port", port)
    assert found["problems"] == [] and code == 0
    assert found["providers"]["CPUExecutionProvider"]["works"] and found["providers"]["CPUExecutionProvider"]["nodes"] > 0
    toy = found["bundles"][str(bundle)]
    assert toy["works"] and toy["graphs"] == ["controller"] and (toy["walks"], toy["acts"]) == (True, False) and toy["graph_bytes"] > 0
    assert found["ports"] == {str(port): {"free": True}}
    assert found["packages"]["numpy"] and found["machine"]["cores"] >= 1


def test_in_words(bundle: Path) -> None:
    done = motionwire("doctor", "--bundle", bundle, "--port", free_port())
    assert done.returncode == 0 and "all of it works" in done.stdout and "CPUExecutionProvider" in done.stdout


def without(module: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The command in an installation that lacks a package."""
    program = f"import sys; sys.modules[{module!r}] = None; sys.argv = ['motionwire', *{list(map(str, arguments))!r}]; "
    command = [sys.executable, "-c", program + "from motionwire.cli.main import main; main()"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_a_missing_package() -> None:
    done = without("onnxruntime", "doctor")
    assert done.returncode == 1 and "without the module onnxruntime nothing else can be looked at" in done.stdout
    assert "Traceback" not in done.stderr and "numpy" in done.stdout
    found = packages.problems({"numpy": "1", "onnxruntime": None, "onnxruntime-gpu": None, "pyzmq": None}, {})
    assert found == ["package pyzmq is missing", "no onnxruntime: pip install 'motionwire[cpu]' or 'motionwire[gpu]'"]
    done = without("onnxruntime", "generate", "a man walks", "-o", "clip.bvh")
    message = "error: the Python module onnxruntime is missing: pip install 'motionwire[cpu]' or 'motionwire[gpu]'\n"
    assert done.returncode == 2 and done.stderr == message


def test_a_package_of_another_version_than_asked_for() -> None:
    assert {"numpy", "onnxruntime", "onnxruntime-gpu"} <= packages.required().keys() and "torch" not in packages.required()
    asked = {"numpy": Requirement("numpy>=1.26"), "onnxruntime": Requirement("onnxruntime>=1.22")}
    found = packages.problems({"numpy": "1.21.0", "onnxruntime": "1.22.1", "onnxruntime-gpu": None}, asked)
    assert found == ["package numpy is 1.21.0, but >=1.26 is asked for"]


def test_a_package_that_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise ImportError("libgomp.so.1: cannot open shared object file")

    monkeypatch.setattr(command.importlib, "import_module", refuse)
    found = command.examine(None, free_port())
    assert found["bundles"] == {} and any("does not load (libgomp.so.1: cannot open" in line for line in found["problems"])


def test_what_a_problem_says_is_said_whole(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(packages, "versions", lambda: {"onnxruntime": None, "onnxruntime-gpu": None})
    with pytest.raises(typer.Exit):
        command.doctor(bundle="no [such] bundle", port=free_port())
    told = capsys.readouterr().out
    assert "'motionwire[cpu]' or 'motionwire[gpu]'" in told and "no [such] bundle: no such bundle" in told


def test_a_bundle_without_a_controller(tmp_path: Path) -> None:
    """Providers are tried on the controller of another."""
    folder = toy_bundle.write(tmp_path / "toy")
    manifest = json.loads((folder / "bundle.json").read_text())
    del manifest["graphs"]["controller"]
    (folder / "bundle.json").write_text(json.dumps(manifest))
    code, found = examined("--bundle", folder, "--port", free_port())
    assert code == 1 and any("cannot walk" in line and "controller" in line for line in found["problems"])
    facts = found["bundles"][str(folder)]
    assert facts["graphs"] == [] and not facts["walks"] and not facts["acts"] and found["providers"]["CPUExecutionProvider"]["works"]


def test_a_bundle_that_can_be_opened_but_not_be_served(tmp_path: Path) -> None:
    """Its sentences have no tokenizer that turns their codes into motion."""
    folder = tmp_path / "mute"
    shutil.copytree(Bundle.load("free").folder, folder)
    manifest = json.loads((folder / "bundle.json").read_text())
    manifest["graphs"] = {name: graph for name, graph in manifest["graphs"].items() if not name.startswith("tokenizer")}
    (folder / "bundle.json").write_text(json.dumps(manifest))
    facts = models.examine(str(folder))
    assert not facts["works"] and facts["walks"] and not facts["acts"]
    assert str(facts["error"]).startswith("cannot act: ") and "tokenizer" in str(facts["error"])


def test_a_damaged_bundle(tmp_path: Path) -> None:
    folder = toy_bundle.write(tmp_path / "toy")
    graph = folder / "controller.onnx"
    data = bytearray(graph.read_bytes())
    data[len(data) // 2] ^= 1
    graph.write_bytes(data)
    code, found = examined("--bundle", folder, "--port", free_port())
    assert code == 1 and not found["bundles"][str(folder)]["works"]
    assert any("sha256" in line for line in found["problems"])


def test_who_sits_on_the_port(bundle: Path) -> None:
    server = ServerProcess()
    try:
        port = server.endpoint.rsplit(":", 1)[1]
        code, found = examined("--bundle", bundle, "--port", port)
        assert code == 0 and not found["ports"][port]["free"] and found["ports"][port]["by"].startswith("motionwire ")
    finally:
        server.close()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, found = examined("--bundle", bundle, "--port", port)
        assert code == 1 and found["ports"][str(port)]["by"] is None
        assert any(str(port) in line for line in found["problems"])


def test_keys(tmp_path: Path) -> None:
    done = motionwire("keys", tmp_path / "keys", "server", "alice")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == [
        "alice.key",
        "alice.key_secret",
        "server.key",
        "server.key_secret",
    ]
    again = motionwire("keys", tmp_path / "keys", "server")
    assert again.returncode == 2 and "already" in again.stderr and again.stderr.count("\n") == 1
