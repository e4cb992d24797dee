"""The demo's server, and another bundle in its place."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import toy_bundle
from motionwire.bundle import Bundle
from motionwire.cli import demo_runtime
from motionwire.cli.demo_runtime import DemoRuntime
from motionwire.client import Client
from motionwire.errors import InputError
from motionwire.server.process import ServerProcess


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DemoRuntime]:
    embedded = tmp_path / "embedded"
    for name in ("toy", "second", "bad"):
        folder = toy_bundle.write(embedded / name)
        manifest = folder / "bundle.json"
        manifest.write_text(manifest.read_text().replace('"name": "toy"', f'"name": "{name}"'))
    (embedded / "bad" / "controller.onnx").write_bytes(b"other bytes")
    monkeypatch.setattr(demo_runtime, "EMBEDDED", embedded)
    monkeypatch.setattr(demo_runtime, "available", lambda: ["bad", "second", "toy"])
    with DemoRuntime(Bundle.load(embedded / "toy"), lambda bundle: [f"as {bundle.name}"], []) as running:
        yield running


def served(runtime: DemoRuntime) -> str:
    with Client(runtime.endpoint) as client:
        return client.welcome.models[0].name


def test_another_bundle_takes_over_and_the_demo_goes_on(runtime: DemoRuntime) -> None:
    assert served(runtime) == "toy" and runtime.about()["bundle"] == "toy"
    first = psutil.Process(runtime._server.pid)
    ended: list[bool] = []
    waiting = threading.Thread(target=lambda: ended.append(runtime.ends_within(None)))
    waiting.start()
    runtime.choose("second")
    assert served(runtime) == "second" and not first.is_running()
    about = runtime.about()
    assert about["bundle"] == "second" and about["sentences"] == ["as second"]
    assert {bundle["name"] for bundle in about["bundles"]} == {"toy", "second", "bad"}  # type: ignore[attr-defined]
    assert waiting.is_alive()  # the first server's end was no end
    runtime.close()
    waiting.join(30)
    assert ended == [True]


def test_the_end_takes_a_server_along_that_is_being_started(runtime: DemoRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    starting, go_on = threading.Event(), threading.Event()
    started: list[ServerProcess] = []

    def start_when_told(bundle: str) -> ServerProcess:
        starting.set()
        assert go_on.wait(30)
        started.append(ServerProcess(bundle))
        return started[0]

    monkeypatch.setattr(demo_runtime, "ServerProcess", start_when_told)
    choosing, ending = threading.Thread(target=runtime.choose, args=("second",)), threading.Thread(target=runtime.close)
    choosing.start()
    assert starting.wait(30)
    ending.start()
    go_on.set()
    choosing.join(60)
    ending.join(60)
    assert started[0].ends_within(0)


@pytest.mark.parametrize(
    ("name", "why"), [("nowhere", "no such bundle; there are toy, bad, second"), ("bad", "bytes where bundle.json says")]
)
def test_what_cannot_be_loaded_leaves_the_old_one(runtime: DemoRuntime, name: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        runtime.choose(name)
    assert served(runtime) == "toy" and runtime.about()["bundle"] == "toy"
    assert not runtime.ends_within(0.1)
