"""serve, demo and bench as their own processes, with a bundle whose controller is a formula."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import toy_bundle
from motionwire.bundle import available
from motionwire.client import Client, Stick


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_bundle.write(tmp_path_factory.mktemp("bundles") / "toy")


def motionwire(*arguments: object, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "motionwire", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_until_told_to_stop(bundle: Path, number: signal.Signals, tmp_path: Path) -> None:
    config = tmp_path / "serve.toml"
    config.write_text(f'bundle = "{bundle}"\nport = 0\n', encoding="utf-8")
    command = [sys.executable, "-m", "motionwire", "serve", "--config", str(config), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert ready["bundle"] == "toy" and ready["endpoint"].startswith("tcp://127.0.0.1:")
        with Client(ready["endpoint"]) as client:
            model = client.welcome.models[0]
            assert (model.name, model.styles, model.acts) == ("toy", ["neutral", "tired"], False)
            client.spawn(1)
            for _ in range(120):
                frame = client.step({1: Stick(move=(0.0, 1.3), style="tired")})
            assert frame.root_positions[0, 2] > 1.5
            process.send_signal(number)
            _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0 and "Traceback" not in errors


def test_demo_counts_what_it_did(bundle: Path) -> None:
    done = motionwire("demo", "--headless", "--json", "--seconds", 3, "--bundle", bundle)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["frames"] == 180 and figures["bundle"] == "toy" and figures["licence"] == "Apache-2.0"
    assert 2.5 < figures["distance_m"] < 5 and figures["footsteps"] >= 2
    assert figures["acted"] == [] and figures["failures"] == []
    assert 0 < figures["latency_ms_p50"] <= figures["latency_ms_p99"]
    assert list(figures["speed_m_s"]) == ["walk", "turn", "run", "stop", "act"]


def test_demo_prints_a_summary(bundle: Path) -> None:
    done = motionwire("demo", "--headless", "--seconds", 2, "--bundle", bundle)
    assert done.returncode == 0, done.stderr
    assert "toy" in done.stdout and "distance" in done.stdout and "Apache-2.0" in done.stdout


@pytest.mark.skipif(not available(), reason="no bundle is embedded in this checkout")
@pytest.mark.parametrize("name", available())
def test_demo_of_the_embedded_bundles(name: str) -> None:
    done = motionwire("demo", "--json", "--seconds", 8, "--bundle", name)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["frames"] == 480 and figures["distance_m"] > 3
    assert len(figures["acted"]) == 1 and figures["acted_frames"] > 30 and figures["failures"] == []


@pytest.mark.parametrize(
    ("what", "keys"),
    [
        ("stream", {"ticks", "missed_ticks", "rtt_ms_p50", "rtt_ms_p99", "floor_rtt_ms_p50", "floor_onnx_ms_p50", "model_ms_mean"}),
        ("controller", {"us_per_character", "floor_us_per_character"}),
        ("soak", {"sessions", "resident_mb_at_start", "resident_mb_warm", "resident_mb_at_end"}),
    ],
)
def test_bench(bundle: Path, what: str, keys: set[str]) -> None:
    done = motionwire("bench", what, "--json", "--seconds", 0.5, "--characters", 3, "--bundle", bundle)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert keys <= figures.keys()
    assert all(figures[key] > 0 for key in keys - {"missed_ticks"})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("serve", "--bundle", "no-such-bundle"), "no such bundle"),
        (("serve", "--host", "0.0.0.0"), "token"),
        (("serve", "--port", "99999"), "port"),
        (("serve", "--config", "missing.toml"), "missing.toml"),
        (("demo", "--seconds", "0"), "--seconds"),
        (("demo", "--headless", "--bundle", "no-such-bundle"), "no such bundle"),
        (("bench", "stream", "--seconds", "nan"), "--seconds"),
        (("bench", "text", "--bundle", "BUNDLE"), "cannot read sentences"),
    ],
)
def test_mistakes_are_one_line(bundle: Path, arguments: tuple[str, ...], words: str) -> None:
    done = motionwire(*(str(bundle) if argument == "BUNDLE" else argument for argument in arguments))
    assert done.returncode == 2
    assert words in done.stderr and done.stderr.count("\n") == 1 and done.stdout == ""


def test_port_in_use(bundle: Path) -> None:
    command = [sys.executable, "-m", "motionwire", "serve", "--port", "0", "--json", "--bundle", str(bundle)]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert first.stdout is not None
        port = json.loads(first.stdout.readline())["endpoint"].rsplit(":", 1)[1]
        second = motionwire("serve", "--port", port, "--bundle", bundle)
        assert second.returncode == 2 and "cannot bind" in second.stderr and port in second.stderr
    finally:
        first.terminate()
        first.communicate(timeout=60)
