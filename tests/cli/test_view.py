"""`motionwire view`: what it serves, and what it refuses."""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from motionwire import formats
from synthetic import walking_clip


def view(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-u", "-m", "motionwire", "view", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_files_of_several_formats_are_served_until_told_to_stop(number: signal.Signals, tmp_path: Path) -> None:
    for name in ("walk.bvh", "walk.npz"):
        formats.write(walking_clip(1.0), tmp_path / name)
    with view(tmp_path / "walk.bvh", tmp_path / "walk.npz") as process:
        try:
            assert process.stdout is not None and process.stderr is not None
            line = process.stdout.readline()
            address = re.search(r"(http://\S+)/#key=([^;]+);", line)
            assert address, line + process.stderr.read()
            request = urllib.request.Request(address[1] + "/clips.json", headers={"Authorization": f"Bearer {address[2]}"})
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert json.load(answer) == {"clips": ["walk", "walk"]}
            process.send_signal(number)
            _, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == (0 if number == signal.SIGINT else 128 + signal.SIGTERM) and "Traceback" not in errors


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["missing.bvh"], r"missing\.bvh: cannot read"),
        (["clip.txt"], r"clip\.txt: cannot read files of type"),
        (["a.bvh"] * 13, "13 clips are more than"),
    ],
)
def test_what_cannot_be_shown_is_one_line(arguments: list[str], why: str) -> None:
    with view(*arguments) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 2 and re.search(why, errors) and errors.count("\n") == 1
