"""Ctrl-C: a batch says how far it came and goes on from there; modules on their way in end without a traceback."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from toy_models import toy_bundle

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")


def interrupt(command: list[str], ready: Path) -> subprocess.CompletedProcess[str]:
    """Run a command and send it, and what it has started, Ctrl-C once the path exists: so a terminal does."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 120
    while not ready.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def test_a_batch_says_how_far_it_came(tmp_path: Path) -> None:
    (tmp_path / "many.txt").write_text("".join(f"a person walks {number}\n" for number in range(2000)))
    words = ["generate", "--file", str(tmp_path / "many.txt"), "--seconds", "1", "-o", str(tmp_path / "out"), "--bundle", str(toy_bundle())]
    first = tmp_path / "out" / "a-person-walks-0_s0.bvh"
    done = interrupt([sys.executable, "-m", "motionwire", *words, "--workers", "1"], first)
    there = len(list((tmp_path / "out").glob("*.bvh")))
    assert done.returncode == 130 and "Traceback" not in done.stderr
    assert f"{tmp_path / 'out'}: stopped with " in done.stderr and " of 2000 clips; the same command makes the others" in done.stderr
    told = int(done.stderr.split("stopped with ")[1].split()[0])
    assert 0 < told <= there <= told + 1
    assert not list((tmp_path / "out").glob(".*"))


@pytest.mark.parametrize("ready", ["out", "out/a-person-walks-0_s0.bvh"])
def test_processes_that_help_end_without_a_word(tmp_path: Path, ready: str) -> None:
    (tmp_path / "many.txt").write_text("".join(f"a person walks {number}\n" for number in range(2000)))
    words = ["generate", "--file", str(tmp_path / "many.txt"), "--seconds", "1", "-o", str(tmp_path / "out"), "--bundle", str(toy_bundle())]
    done = interrupt([sys.executable, "-m", "motionwire", *words, "--workers", "2"], tmp_path / ready)
    assert done.returncode == 130
    assert "Traceback" not in done.stderr and len(done.stderr.splitlines()) <= 1, done.stderr


def test_what_is_half_imported_ends_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(f"import pathlib, time\npathlib.Path({str(tmp_path / 'begun')!r}).touch()\ntime.sleep(60)\n")
    program = "from motionwire.cli.main import app, run; run(app, load=lambda: __import__('slow'))"
    done = interrupt([sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {program}"], tmp_path / "begun")
    assert done.returncode == -signal.SIGINT and done.stderr == ""
