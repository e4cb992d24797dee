"""One trial of a study: `motionwire-train controller` in a process of its own, watched through its metrics.jsonl.

So a trial is exactly the command that its settings are handed out for, a trial that dies takes no other with it, and one that
was interrupted goes on from its checkpoint.
"""

import json
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import psutil

from motionwire.errors import InputError

POLL = 0.5  # s
GRACE = 10.0  # s for a stopped process to leave


class TrialError(Exception):
    """The training died; its last line says of what."""


def watch(words: Sequence[str], out: Path) -> Generator[dict[str, Any], None, None]:
    """Train in `out`, which is resumed where it exists; yields the rows of its metrics.jsonl as they come.

    Closing the iterator stops the training. Raises InputError with the training's own line when it refuses the words, or
    when another process trains in `out`, as one does that outlived its killed study; TrialError when the training dies.
    """
    if (other := trained_by(out)) is not None:
        raise InputError(f"process {other} is training here: wait for it or end it", out)
    out.mkdir(parents=True, exist_ok=True)
    log = out / "output.log"
    command = [sys.executable, "-m", "motionwire_training.cli", "controller", *words, f"out={out}"]
    with log.open("wb") as output, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT) as process:
        try:
            seen = 0
            while True:
                ended = process.poll() is not None
                rows = read_rows(out / "metrics.jsonl")
                yield from rows[seen:]
                seen = max(seen, len(rows))
                if ended:
                    break
                time.sleep(POLL)
        finally:
            stop(process)
    if process.returncode:
        said = (log.read_text(errors="replace").strip().splitlines() or ["no output"])[-1]
        if process.returncode == InputError.exit_code:
            raise InputError(said.removeprefix("error: "))
        raise TrialError(f"exit code {process.returncode}: {said}")


def trained_by(out: Path) -> int | None:
    """The process that was given this out=, if there is one."""
    running = psutil.process_iter(["pid", "cmdline"])
    return next((process.info["pid"] for process in running if f"out={out}" in (process.info["cmdline"] or ())), None)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a metrics.jsonl that another process may be writing."""
    try:
        text = path.read_text()
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process, gently first."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
