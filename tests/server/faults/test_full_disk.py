"""A disk that is full when a log line is written: the line is lost and counted, and nothing else happens."""

import json
import re
import resource
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import toy_bundle
from motionwire.client import Client, Stick


@contextmanager
def serving(folder: Path, settings: str, **options: object) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """`motionwire serve` with the toy bundle, and what it said when it was ready."""
    config = folder / "serve.toml"
    bundle = toy_bundle.write(folder / "toy")
    config.write_text(f'bundle = "{bundle}"\nport = 0\nmetrics_port = 0\nlog_format = "json"\n{settings}', encoding="utf-8")
    command = [sys.executable, "-m", "motionwire", "serve", "--config", str(config), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload]
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=60)


def lost(ready: dict[str, str]) -> int:
    with urllib.request.urlopen(ready["metrics"], timeout=60) as page:
        found = re.search(r"^motionwire_lost_log_lines_total (\S+)$", page.read().decode(), re.MULTILINE)
    assert found is not None
    return int(float(found[1]))


def session(ready: dict[str, str]) -> None:
    """One client comes and goes: it is served, and the server has something to log."""
    with Client(ready["endpoint"], timeout=60.0) as client:
        client.spawn(1)
        for _ in range(5):
            frame = client.step({1: Stick(move=(0.0, 1.3))})
        assert frame.characters == [1]


def until_lost(ready: dict[str, str], count: int) -> None:
    ended = time.monotonic() + 60
    while lost(ready) < count and time.monotonic() < ended:
        time.sleep(0.02)
    assert lost(ready) >= count


@pytest.mark.parametrize("where", ["log file", "standard error"])
def test_full_from_the_start(tmp_path: Path, where: str) -> None:
    with Path("/dev/full").open("w") as full:
        settings, options = ('log_file = "/dev/full"', {}) if where == "log file" else ("", {"stderr": full})
        with serving(tmp_path, settings, **options) as (process, ready):
            for _ in range(5):
                session(ready)
            until_lost(ready, 5)
            session(ready)
    assert process.returncode == 0


def test_full_for_a_while(tmp_path: Path) -> None:
    """A file that may not grow, and later may again: whole lines before and after, at most one that was cut off."""
    log = tmp_path / "serve.log"
    with serving(tmp_path, f'log_file = "{log}"') as (process, ready):
        session(ready)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (log.stat().st_size + 100, resource.RLIM_INFINITY))
        for _ in range(5):
            session(ready)
        until_lost(ready, 5)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        session(ready)
    assert process.returncode == 0
    whole = []
    for line in log.read_text().splitlines():
        try:
            whole.append(json.loads(line))
        except json.JSONDecodeError:
            whole.append(None)
    assert whole.count(None) <= 1 and None not in (whole[0], whole[-1])
    numbers = [line["session"] for line in whole if line and "session" in line]
    assert numbers[0] == 1 and numbers[-1] == 7 and 3 not in numbers
