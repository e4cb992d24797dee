"""The C++ core by its own tests, with g++, with clang++ under sanitizers, against the real server, and under libFuzzer."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine_bridge.unreal import build
from engine_bridge.unreal.conftest import made

GOLDEN = build.ROOT / "engine_bridge" / "protocol" / "golden"
TOKEN = "a token of the live test"
FUZZ_SECONDS = 30 if os.environ.get("CI") else 2  # for each of two, side by side


def ctest(folder: Path, name: str, **environment: str) -> None:
    done = subprocess.run(
        ["ctest", "--test-dir", str(folder), "--tests-regex", f"^{name}$", "--output-on-failure", "--no-tests=error"],
        capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def server(tmp_path: Path) -> Iterator[int]:
    """The port of `motionwire serve` with the free bundle and a token."""
    (tmp_path / "serve.toml").write_text(f'token = "{TOKEN}"\n', encoding="utf-8")
    command = [sys.executable, "-m", "motionwire", "serve", "--config", str(tmp_path / "serve.toml"), "--port", "0", "--json"]
    with (tmp_path / "log").open("w") as log, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        try:
            assert said, (tmp_path / "log").read_text(encoding="utf-8")
            yield int(json.loads(said)["endpoint"].rsplit(":", 1)[1])
        finally:
            process.terminate()


def test_core_with_gcc(release: Path) -> None:
    ctest(release, "core")


def test_core_with_clang_and_sanitizers(sanitized: Path) -> None:
    ctest(sanitized, "core")


def test_compiles_and_links_for_windows() -> None:
    """Winsock's side of socket.h, the client on top of it; whether it runs there is not known."""
    folder = made(build.windows)
    for name in ("core_tests", "live_tests"):
        assert (folder / f"{name}.exe").read_bytes().startswith(b"MZ")


def test_against_the_real_server(sanitized: Path, server: int) -> None:
    ctest(sanitized, "live", MOTIONWIRE_PORT=str(server), MOTIONWIRE_TOKEN=TOKEN)


def test_against_the_real_server_with_threads_watched(server: int) -> None:
    """ThreadSanitizer: who waits reads what else the network's thread does."""
    ctest(made(build.watched_threads), "live", MOTIONWIRE_PORT=str(server), MOTIONWIRE_TOKEN=TOKEN)


def test_fuzz(tmp_path: Path) -> None:
    """The readers of MessagePack and ZMTP, side by side; seeds are the golden messages."""
    folder = made(build.fuzzers)
    vectors = json.loads((GOLDEN / "messages.json").read_text(encoding="utf-8"))
    running = []
    for name in ("msgpack", "zmtp"):
        corpus = tmp_path / name
        corpus.mkdir()
        for i, vector in enumerate([*vectors["messages"], *vectors["refused"]]):
            data = bytes.fromhex(vector["bytes"])
            framed = b"\x03\x02" + len(data).to_bytes(8, "big") + data  # after a right greeting and READY
            (corpus / str(i)).write_bytes(data if name == "msgpack" else framed)
        command = [
            str(folder / f"fuzz_{name}"),
            str(corpus),
            f"-max_total_time={FUZZ_SECONDS}",
            "-timeout=10",
            "-rss_limit_mb=0",  # libFuzzer reads the peak, which a process inherits from the one that starts it: pytest's own
            "-malloc_limit_mb=64",
            "-max_len=8192",
        ]
        log = (tmp_path / f"{name}.log").open("w")
        limits = {**os.environ, "ASAN_OPTIONS": "hard_rss_limit_mb=1024"}
        running.append((name, subprocess.Popen(["nice", *command], stdout=log, stderr=subprocess.STDOUT, cwd=corpus, env=limits)))
    for name, process in running:
        process.wait(timeout=FUZZ_SECONDS + 120)
        said = (tmp_path / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        assert process.returncode == 0, said[-4000:]
        assert "DONE" in said or "Done" in said, said[-1000:]
