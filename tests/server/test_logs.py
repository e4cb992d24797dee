"""Logs: whole lines of JSON or text; a disk that is full loses lines, counts them and stops nothing."""

import json
import logging
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import toy_bundle
from motionwire.client import Client
from motionwire.errors import InputError
from motionwire.server import logs


class Served:
    """`motionwire serve` as a process of its own."""

    def __init__(self, folder: Path, settings: str = "", *arguments: str) -> None:
        config = folder / "serve.toml"
        config.write_text(f'bundle = "{toy_bundle.write(folder / "toy")}"\nport = 0\n{settings}', encoding="utf-8")
        command = [sys.executable, "-m", "motionwire", "serve", "--config", str(config), "--json", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.ready = json.loads(self.process.stdout.readline())
        self.endpoint: str = self.ready["endpoint"]

    def metrics(self) -> dict[str, float]:
        """Each line of the page."""
        with urllib.request.urlopen(self.ready["metrics"], timeout=30) as page:
            lines = page.read().decode().splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}

    def close(self) -> str:
        """Its standard error; it must leave with 0."""
        self.process.terminate()
        _, errors = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, errors
        return errors


def test_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "server.log"
    served = Served(tmp_path, f'log_format = "json"\nlog_file = "{file}"\n')
    with Client(served.endpoint, name='evil\n"name"', engine="godot\x1b[31m"):
        pass
    assert served.close() == ""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    opened = next(line for line in lines if "opened" in line["message"])
    assert opened["client"] == 'evil\n"name"' and opened["session"] == 1 and opened["level"] == "info" and opened["time"].endswith("Z")
    assert any("ended" in line["message"] and line["session"] == 1 for line in lines)


def test_text_lines_keep_to_their_line(tmp_path: Path) -> None:
    served = Served(tmp_path)
    with Client(served.endpoint, name="evil\n2026 INFO forged", engine="\x1b[31m"):
        pass
    errors = served.close()
    assert "opened" in errors and "\x1b" not in errors
    assert not any(line.startswith("2026 INFO forged") for line in errors.splitlines())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk(tmp_path: Path) -> None:
    served = Served(tmp_path, 'log_file = "/dev/full"\n', "--metrics-port", "0")
    for _ in range(3):
        with Client(served.endpoint, timeout=60.0) as client:
            client.spawn(1)
            assert client.step({}).characters == []
    assert served.metrics()["motionwire_lost_log_lines_total"] >= 3
    assert served.close() == ""


def test_nobody_reads_the_pipe(tmp_path: Path) -> None:
    """More log than the pipe of standard error holds: the server goes on, and leaves when it is told to."""
    served = Served(tmp_path, 'log_level = "debug"\n')
    for _ in range(600):
        with Client(served.endpoint, name="n" * 128) as client:
            client.ping()
    served.process.terminate()
    assert served.process.wait(timeout=60) == 0
    served.process.communicate()


def test_lines_by_hand(tmp_path: Path) -> None:
    file, lost = tmp_path / "log", []
    root = logging.getLogger()
    level = root.level
    stop = logs.start("json", "info", str(file), lambda: lost.append(1))
    try:
        log = logging.getLogger("motionwire.test")
        log.info("plain %d", 1, extra={"session": 4, "odd": {1, 2}.__class__})
        try:
            raise ValueError("broken")
        except ValueError:
            log.exception("failed")
        log.debug("not asked for")
    finally:
        stop()
        root.setLevel(level)
    plain, failed = (json.loads(line) for line in file.read_text().splitlines())
    assert plain["message"] == "plain 1" and plain["session"] == 4
    assert "ValueError: broken" in failed["error"] and not lost
    with pytest.raises(InputError, match="cannot write logs"):
        logs.start("text", "info", str(tmp_path / "no" / "folder"), lambda: None)


def test_a_file_that_has_grown_becomes_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MOST_BYTES", 1000)
    file, lost = tmp_path / "server.log", []
    file.write_text("from a run before\n", encoding="utf-8")
    end = logs.start("text", "info", str(file), lambda: lost.append(1))
    for number in range(100):
        logging.getLogger("many").info("line %d", number)
    end()
    kept = [line for one in (tmp_path / "server.log.1", file) for line in one.read_text(encoding="utf-8").splitlines()]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["server.log", "server.log.1"] and not lost
    assert all(one.stat().st_size < 1100 for one in tmp_path.iterdir())
    numbers = [int(line.rsplit(" ", 1)[1]) for line in kept]
    assert numbers == list(range(numbers[0], 100))
