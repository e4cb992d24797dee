"""Every engine client against one server, side by side:

    python tests/benchmarks/bench_clients.py [--rounds 75] [--characters 1 1000] [--restarts 3] [--no-write]

Prints JSON and writes the table into engine_bridge/README.md. All clients are connected to one server and take turns of a second each: a
round is a second of every one, in an order drawn anew each time. The server's own work is most of a round trip and drifts by a tenth and
more within seconds, so a client is compared with libzmq within each round: the table gives the median over the rounds of the ratio of
their p50s, and the interval that holds it in 95 of 100 redraws of the rounds (bootstrap).

A client is a console program. `PROGRAM bench HOST PORT CHARACTERS BEGIN TURNS` spawns so many characters and steps them at 60 Hz in each of
the TURNS, which begin so many seconds after BEGIN (unix time, ms): ten frames that are not counted and 48 that are; none of the first
turn is. It prints one JSON object as the last line: rtt_ms (the round trips of each turn), frames, lost, late_s (how long after its time
the first turn began), bytes_allocated_per_frame (or null). `PROGRAM reconnect HOST PORT` steps one
character until the server was lost and is back, and prints reconnect_ms and characters_kept. The server is killed under it and started
again; the time that counts here is from the server's word that it is ready to the client's that it is back (back_at_unix_ms, or when its
line came), since until then there is nothing to connect to.
"""

import argparse
import importlib
import json
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from motionwire.bench.page import Page
from motionwire.server.process import ServerProcess

HERE = Path(__file__).resolve()
README = HERE.parents[2] / "engine_bridge" / "README.md"
BEGIN, END = "<!-- bench_clients -->", "<!-- end of bench_clients -->"
BUNDLE = "free"
FLOOR = "libzmq"  # whose round trip the others' are compared with
PATIENCE_S = 180.0  # for a program that hangs
READY_S = 20.0  # until all programs are ready, and twice as much again for 1,000 characters
REDRAWS = 2000  # of the rounds, for an interval
STEPPED = 30  # steps of a client before its server is killed

CLIENTS = {
    "libzmq": ("libzmq from C++: the floor", "unreal"),
    "csharp_jit": ("C# (Unity's core), Mono JIT", "unity"),
    "csharp_aot": ("C# (Unity's core), Mono full AOT", "unity"),
    "cpp": ("C++ (Unreal's core)", "unreal"),
    "gdscript": ("GDScript, Godot 3 headless", "godot"),
    "python": ("Python client (pyzmq)", ""),
}


@dataclass
class Figures:
    """What one client did with one number of characters, over all rounds."""

    trips: list[float] = field(default_factory=list)  # ms
    rounds: list[float] = field(default_factory=list)  # p50 of each, ms; NaN where nothing came
    lost: int = 0
    allocated: list[float] = field(default_factory=list)  # bytes per frame

    def add(self, result: dict[str, Any]) -> None:
        for trips in result["rtt_ms"]:
            self.trips += trips
            self.rounds.append(float(np.median(trips)) if trips else np.nan)
        self.lost += result["lost"]
        if result["bytes_allocated_per_frame"] is not None:
            self.allocated.append(result["bytes_allocated_per_frame"])

    def summary(self) -> dict[str, object]:
        p50, p99 = np.percentile(self.trips, (50, 99)) if self.trips else (None, None)
        allocated = max(self.allocated) if self.allocated else None
        return {"rtt_ms_p50": p50, "rtt_ms_p99": p99, "frames": len(self.trips), "lost": self.lost, "bytes_allocated_per_frame": allocated}

    def over(self, floor: "Figures") -> dict[str, float]:
        """The ratio of p50s within a round: its median over the rounds, and the interval of 95 % that redrawn rounds give."""
        ratios = np.array(self.rounds) / np.array(floor.rounds)
        ratios = ratios[np.isfinite(ratios)]
        if not len(ratios):
            return {}
        redrawn = np.random.default_rng(0).choice(ratios, (REDRAWS, len(ratios)))
        low, high = np.percentile(np.median(redrawn, axis=1), (2.5, 97.5))
        return {"ratio": float(np.median(ratios)), "ratio_low": float(low), "ratio_high": float(high)}


def programs() -> tuple[dict[str, list[str]], dict[str, str]]:
    """The first words of each client's program, and why others cannot be built."""
    sys.path.insert(0, str(HERE.parents[1]))
    found = {"python": [sys.executable, str(HERE.with_name("libzmq_python.py"))]}
    missing = {}
    for folder in sorted({folder for _, folder in CLIENTS.values() if folder}):
        names = [name for name, (_, where) in CLIENTS.items() if where == folder]
        try:
            found |= importlib.import_module(f"engine_bridge.{folder}.build").build()
        except Exception as error:  # each has its own; one that cannot be built is a row of the table, too
            missing |= dict.fromkeys(names, str(error).splitlines()[0] if str(error) else type(error).__name__)
    return {name: found[name] for name in CLIENTS if name in found}, missing


def ask(program: Sequence[str], *arguments: object) -> subprocess.Popen[str]:
    """Starts a program."""
    return subprocess.Popen([*program, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def answer(program: subprocess.Popen[str], seconds: float = 0.0) -> dict[str, Any]:
    """The object that it prints last, in so many seconds and PATIENCE_S. Raises RuntimeError when it fails."""
    try:
        said, problems = program.communicate(timeout=seconds + PATIENCE_S)
    except subprocess.TimeoutExpired:
        program.kill()
        program.communicate()
        raise RuntimeError(f"{program.args}: nothing within {seconds + PATIENCE_S:g} s") from None
    return _last_object(said, f"{program.args}: {problems[-500:]}")


def _last_object(text: str, otherwise: str) -> dict[str, Any]:
    lines = [line for line in text.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(otherwise)
    return json.loads(lines[-1])


def round_trips(found: dict[str, list[str]], missing: dict[str, str], counts: Sequence[int], rounds: int) -> dict[str, dict[int, Figures]]:
    """All clients with each number of characters, a second each by turns; one that fails goes from `found` to `missing`."""
    figures = {name: {count: Figures() for count in counts} for name in found}
    for count in counts:
        with ServerProcess(BUNDLE) as server:
            port = server.endpoint.rsplit(":", 1)[1]
            begin = time.time() + READY_S * (1 + 2 * count / 1000)
            say(f"{count} characters: {rounds + 1} rounds of {len(found)} s from {time.ctime(begin)}")
            orders = np.random.default_rng(0).permuted(np.tile(np.arange(len(found)), (rounds + 1, 1)), axis=1)
            turns = orders + len(found) * np.arange(rounds + 1)[:, None]  # [round, client], s after the beginning
            asked = {}
            for column, (name, program) in enumerate(found.items()):
                words = ("bench", "127.0.0.1", port, count, int(1000 * begin), ",".join(map(str, turns[:, column])))
                least = Page(server.metrics).characters + count
                asked[name] = ask(program, *words)
                # One after the other: characters that come by turns lie between others' in the server, and their steps take longer.
                _wait_for(lambda page, least=least: page.characters >= least, server, asked[name])
            for name, program in asked.items():
                try:
                    said = answer(program, max(begin - time.time(), 0) + len(asked) * (rounds + 1))
                    if said["late_s"] > 0:
                        raise RuntimeError(f"{name} was ready {said['late_s']:.1f} s late")
                    figures[name][count].add(said)
                except RuntimeError as error:
                    say(str(error))
                    missing[name] = "it failed"
                    del found[name], figures[name]
    return figures


def ratio(figures: dict[str, dict[int, Figures]], name: str, count: int) -> dict[str, float]:
    """A client's round trips over the floor's; empty where that was not measured."""
    return figures[name][count].over(figures[FLOOR][count]) if FLOOR in figures else {}


def reconnects(found: dict[str, list[str]], times: int) -> dict[str, dict[str, Any]]:
    """ms from the server's return to each client's, and whether its character was there; by turns."""
    took: dict[str, list[dict[str, Any]]] = {name: [] for name in found}
    for turn in range(times):
        for name, program in found.items():
            say(f"restart {turn + 1} of {times}: {name}")
            try:
                took[name].append(_reconnect(program))
            except RuntimeError as error:
                say(str(error))
    return {
        name: {
            "ms": statistics.median(result["ms"] for result in results),
            "ms_worst": max(result["ms"] for result in results),
            "characters_kept": all(result["characters_kept"] for result in results),
        }
        for name, results in took.items()
        if results
    }


def _reconnect(program: Sequence[str]) -> dict[str, Any]:
    port = free_port()
    server = ServerProcess(BUNDLE, port)
    client = None
    try:
        page = Page(server.metrics)
        client = ask(program, "reconnect", "127.0.0.1", port)
        _wait_for(lambda now: now.count('motionwire_tick_seconds{mode="step"}', page) >= STEPPED, server, client)
        os.kill(server.pid, signal.SIGKILL)
        server.close()
        server = ServerProcess(BUNDLE, port)
        ready = time.time()
        assert client.stdout is not None
        watchdog = threading.Timer(PATIENCE_S, client.kill)
        watchdog.start()
        said, heard = "", 0.0
        for line in client.stdout:
            if line.startswith("{"):
                said, heard = line, time.time()
        watchdog.cancel()
        result = _last_object(said, f"{program}: it did not come back")
        return {"ms": result.get("back_at_unix_ms", 1000 * heard) - 1000 * ready, "characters_kept": result["characters_kept"]}
    finally:
        if client is not None:
            client.kill()
            client.communicate()
        server.close()


def _wait_for(there: Callable[[Page], bool], server: ServerProcess, client: subprocess.Popen[str]) -> None:
    """Until the server's page shows it, or the client has ended."""
    until = time.monotonic() + PATIENCE_S
    while not there(Page(server.metrics)) and client.poll() is None:
        if time.monotonic() > until:
            raise RuntimeError(f"{client.args}: it neither spawns nor steps")
        time.sleep(0.1)


def table(report: dict[str, Any]) -> Iterator[str]:
    """The report's rows as Markdown."""
    counts = report["characters"]
    heads = [f"{count:,} character{'s' * (count != 1)}: p50 / p99, ms" for count in counts]
    yield f"| client | {' | '.join(heads)} | p50 over libzmq's | bytes allocated per frame | back after a restart, ms | frames lost |"
    yield "|---" * (5 + len(counts)) + "|"
    for name, (words, _) in CLIENTS.items():
        if name not in report["clients"]:
            yield f"| {words} | {'not measured: ' + report['missing'].get(name, 'unknown')} |{' |' * (3 + len(counts))}"
            continue
        row = report["clients"][name]
        trips = [row["trips"][str(count)] for count in counts]
        allocated = [f"{trip['bytes_allocated_per_frame']:,.0f}" for trip in trips if trip["bytes_allocated_per_frame"] is not None]
        back = row.get("reconnect")
        cells = [f"{trip['rtt_ms_p50']:.2f} / {trip['rtt_ms_p99']:.2f}" for trip in trips]
        cells += ["; ".join(map(_ratio, trips)), ", ".join(allocated) or "not counted"]
        lost = "" if back is None or back["characters_kept"] else ", without its character"
        cells.append(f"{back['ms']:.0f} (worst {back['ms_worst']:.0f}){lost}" if back else "-")
        cells.append(", ".join(f"{trip['lost']} of {trip['lost'] + trip['frames']:,}" for trip in trips))
        yield f"| {words} | {' | '.join(cells)} |"


def _ratio(trip: dict[str, Any]) -> str:
    return f"{trip['ratio']:.2f} ({trip['ratio_low']:.2f} to {trip['ratio_high']:.2f})" if "ratio" in trip else "-"


def write(report: dict[str, Any]) -> None:
    """The table between the marks of the README."""
    machine = f"{report['cpu']}, {report['cores']} cores, load {report['load']:.1f} at the start"
    said = f"{report['rounds']} turns of a second per cell, {report['restarts']} restarts, bundle `{BUNDLE}`; {machine}."
    between_marks(README, BEGIN, END, [said, "", *table(report)])


def between_marks(page: Path, begin: str, end: str, lines: Sequence[str]) -> None:
    """Puts lines in the place of those that stand between two marks."""
    before, rest = page.read_text(encoding="utf-8").split(begin)
    _, after = rest.split(end)
    page.write_text("\n".join([before + begin, *lines, end + after]), encoding="utf-8")


def free_port() -> int:
    """Of loopback; it can be taken again by a server that is started anew."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu() -> str:
    """The processor's name."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").is_file() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=75, help="turns of a second of each client with each number of characters")
    parser.add_argument("--characters", type=int, nargs="+", default=[1, 1000])
    parser.add_argument("--restarts", type=int, default=3, help="of the server, under each client")
    parser.add_argument("--no-write", action="store_true", help="leave the README as it is")
    chosen = parser.parse_args()
    found, missing = programs()
    for name, why in missing.items():
        say(f"{name}: cannot be built: {why}")
    load = os.getloadavg()[0]
    figures = round_trips(found, missing, chosen.characters, chosen.rounds)
    back = reconnects({name: program for name, program in found.items() if name != FLOOR}, chosen.restarts)
    report = {
        "rounds": chosen.rounds,
        "restarts": chosen.restarts,
        "characters": chosen.characters,
        "cpu": cpu(),
        "cores": os.cpu_count(),
        "load": load,
        "missing": missing,
        "clients": {
            name: {
                "trips": {str(count): one.summary() | ratio(figures, name, count) for count, one in counts.items()},
                "reconnect": back.get(name),
            }
            for name, counts in figures.items()
        },
    }
    print(json.dumps(report))
    if not chosen.no_write:
        write(report)


if __name__ == "__main__":
    main()
