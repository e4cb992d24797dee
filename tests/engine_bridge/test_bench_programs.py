"""The programs of tests/benchmarks/bench_clients.py keep its contract, and its table says what they printed and what could not be built."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from engine_bridge.godot.build import build
from engine_bridge.godot.probe import godot
from server_process import ServerProcess

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def bench() -> Any:
    spec = importlib.util.spec_from_file_location("bench_clients", BENCHMARKS / "bench_clients.py")
    assert spec is not None and spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("client", ["gdscript", "python"])
def test_program(bench: Any, client: str) -> None:
    if client == "gdscript":
        godot()
    program = build()["gdscript"] if client == "gdscript" else [sys.executable, str(BENCHMARKS / "libzmq_python.py")]
    server = ServerProcess()
    try:
        said = bench.answer(bench.ask(program, "bench", "127.0.0.1", server.endpoint.rsplit(":", 1)[1], 3, 0, "0,1,3"))
    finally:
        server.close()
    assert (said["frames"], said["lost"], [len(trips) for trips in said["rtt_ms"]]) == (96, 0, [48, 48])
    assert min(map(min, said["rtt_ms"])) > 0


def test_ratio(bench: Any) -> None:
    """Of p50s within a round: a drift that hits both does not show; a round without a pose is left out."""
    floor, client = bench.Figures(), bench.Figures()
    for drift in (1.0, 1.5, 3.0, 1.2):
        for figures, factor in ((floor, 1.0), (client, 0.9)):
            figures.add({"rtt_ms": [[drift * factor * ms for ms in (1, 2, 9)]], "lost": 0, "bytes_allocated_per_frame": None})
    for figures in (floor, client):
        figures.add({"rtt_ms": [[]], "lost": 3, "bytes_allocated_per_frame": None})
    assert client.over(floor) == pytest.approx({"ratio": 0.9, "ratio_low": 0.9, "ratio_high": 0.9})
    client.add({"rtt_ms": [[2.0]], "lost": 0, "bytes_allocated_per_frame": None})
    floor.add({"rtt_ms": [[1.0]], "lost": 0, "bytes_allocated_per_frame": None})
    assert client.over(floor)["ratio_high"] > 1


def test_table(bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trip = {"rtt_ms_p50": 2.0, "rtt_ms_p99": 4.0, "frames": 3600, "lost": 0, "bytes_allocated_per_frame": None}
    ratio = {"ratio": 1.5, "ratio_low": 1.4, "ratio_high": 1.65}
    back = {"ms": 300.0, "ms_worst": 450.0, "characters_kept": True}
    report = {
        "rounds": 4, "restarts": 3, "characters": [1, 1000], "cpu": "a processor", "cores": 2, "load": 0.5,
        "missing": {"csharp_jit": "no Mono"},
        "clients": {
            "libzmq": {"trips": {"1": trip, "1000": trip | {"lost": 2}}, "reconnect": None},
            "cpp": {"trips": {"1": trip | ratio | {"bytes_allocated_per_frame": 0.0}, "1000": trip | ratio}, "reconnect": back},
        },
    }  # fmt: skip
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n\n{bench.BEGIN}\nold\n{bench.END}\n\nafter\n", encoding="utf-8")
    monkeypatch.setattr(bench, "README", readme)
    bench.write(report)
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("before\n\n") and text.endswith("\n\nafter\n") and "old" not in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in rows}) == 1
    assert "2.00 / 4.00" in rows[2] and "2 of 3,602" in rows[2]
    assert any("no Mono" in row for row in rows)
    assert any("1.50 (1.40 to 1.65); 1.50 (1.40 to 1.65)" in row and "300 (worst 450)" in row for row in rows)
    bench.write(report)
    assert readme.read_text(encoding="utf-8") == text
