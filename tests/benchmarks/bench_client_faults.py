"""How long a game's thread is held up by each engine client while the server and the network go wrong:

    python tests/benchmarks/bench_client_faults.py [--clients cpp csharp_jit csharp_aot gdscript] [--faults killed stopped ...] [--no-write]

Each client's game loop runs at 60 Hz against `motionwire serve` under each fault and then goes on with a server that is well again,
which it must find. Every call to the client is timed: wall time, the thread's processor time, and its own time, which is the wall time
without what the thread stood ready while other programs had the processors (the kernel's count). Prints JSON and writes the table into
engine_bridge/README.md. It measures on a machine that does nothing else; about 25 s for each client and 10 s for the server's starts.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from motionwire.server.process import ServerProcess

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1])]

from bench_clients import BUNDLE, CLIENTS, README, between_marks, cpu, free_port, say  # noqa: E402
from client_games import Game  # noqa: E402

from engine_bridge.godot import build as godot  # noqa: E402
from engine_bridge.unity import build as unity  # noqa: E402
from engine_bridge.unreal import build as unreal  # noqa: E402
from engine_bridge.unreal import peers  # noqa: E402

BEGIN, END = "<!-- bench_client_faults -->", "<!-- end of bench_client_faults -->"
WARM_S = 1.0  # of poses before the fault
STOPPED_S = 5.0
FLOOD_S = 4.0
GARBAGE = 12  # connections
PINGS = 2000  # behind each message

Said = dict[str, Any]


def killed(program: list[str], port: int) -> Said:
    """The server dies and a new one takes its port."""
    own = free_port()
    server = ServerProcess(BUNDLE, own)
    try:
        with Game(program, own) as game:
            game.wait_for_poses(0)
            time.sleep(WARM_S)
            os.kill(server.pid, signal.SIGKILL)
            server.close()
            died = time.monotonic()
            server = ServerProcess(BUNDLE, own)
            game.wait_for_poses(died)
            return game.end()
    finally:
        server.close()


def stopped(program: list[str], port: int) -> Said:
    """SIGSTOP for five seconds."""
    with ServerProcess(BUNDLE) as server, Game(program, port_of(server)) as game:
        game.wait_for_poses(0)
        time.sleep(WARM_S)
        os.kill(server.pid, signal.SIGSTOP)
        time.sleep(STOPPED_S)
        os.kill(server.pid, signal.SIGCONT)
        game.wait_for_poses(time.monotonic())
        return game.end()


def half_open(program: list[str], port: int) -> Said:
    """The connection stays, no byte passes any more; new connections work."""
    relay = peers.Relay(port)
    with listening(relay) as listener, Game(program, listener.port) as game:
        game.wait_for_poses(0)
        time.sleep(WARM_S)
        relay.freeze()
        game.wait_for_poses(time.monotonic() + 0.2)  # what was under way still came
        return game.end()


def garbage(program: list[str], port: int) -> Said:
    """Bytes, frames and messages that are wrong, connection after connection; then the server."""
    with listening(peers.GarbageFirst(GARBAGE, port)) as listener, Game(program, listener.port) as game:
        game.wait_for_poses(0)
        return game.end()


def ping_flood(program: list[str], port: int) -> Said:
    """A peer that asks for answers without end and reads none."""
    with listening(peers.pings_and_never_reads) as listener, Game(program, listener.port) as game:
        time.sleep(FLOOD_S)
        return game.end()


def pinged_session(program: list[str], port: int) -> Said:
    """A session under a flood of pings: some thousands behind each of the server's messages."""
    with listening(peers.Pinging(port, PINGS)) as listener, Game(program, listener.port) as game:
        game.wait_for_poses(0)
        time.sleep(FLOOD_S)
        return game.end()


FAULTS: dict[str, tuple[str, Callable[[list[str], int], Said]]] = {
    "killed": ("killed, restarted", killed),
    "stopped": ("stopped for 5 s", stopped),
    "half_open": ("half-open", half_open),
    "garbage": ("garbage", garbage),
    "ping_flood": ("flood of pings, nothing read", ping_flood),
    "pinged_session": ("flood of pings in a session", pinged_session),
}


class listening:  # noqa: N801 (a context manager)
    """A port on which connections are treated by a behaviour."""

    def __init__(self, behaviour: peers.Behaviour) -> None:
        self._listener = peers.Listener(behaviour)

    def __enter__(self) -> peers.Listener:
        return self._listener

    def __exit__(self, *_: object) -> None:
        self._listener.close()


def port_of(server: ServerProcess) -> int:
    return int(server.endpoint.rsplit(":", 1)[1])


def programs() -> dict[str, list[str]]:
    """What starts each client's game loop; raises what the builds raise."""
    built = unreal.build() | unity.build() | {"gdscript": godot.game()}
    return {name: built[name] for name in CLIENTS if name in built and name not in ("libzmq", "python")}


def table(report: dict[str, Any]) -> Iterator[str]:
    """The report's rows as Markdown."""
    yield f"| client | {' | '.join(FAULTS[fault][0] for fault in report['faults'])} | calls over 2 ms of their own |"
    yield "|---" * (2 + len(report["faults"])) + "|"
    for name, results in report["clients"].items():
        cells = [_worst(results[fault]) for fault in report["faults"]]
        over, calls = (sum(result.get(key, 0) for result in results.values()) for key in ("over_2_ms", "calls"))
        yield f"| {CLIENTS[name][0]} | {' | '.join(cells)} | {over} of {calls:,} |"


def _worst(result: Said) -> str:
    if "failed" in result:
        return f"failed: {result['failed']}"
    worst = result["worst"]
    return f"{worst['wall_ms']:.2f} / {worst['own_ms']:.2f} / " + (f"{worst['cpu_ms']:.2f}" if "cpu_ms" in worst else "-")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    found = programs()
    parser.add_argument("--clients", nargs="+", default=list(found), choices=list(found))
    parser.add_argument("--faults", nargs="+", default=list(FAULTS), choices=list(FAULTS))
    parser.add_argument("--no-write", action="store_true", help="leave the README as it is")
    chosen = parser.parse_args()
    clients: dict[str, dict[str, Said]] = {name: {} for name in chosen.clients}
    load = os.getloadavg()[0]
    with ServerProcess(BUNDLE) as server:
        for fault in chosen.faults:
            for name in chosen.clients:
                say(f"{fault}: {name}")
                try:
                    clients[name][fault] = FAULTS[fault][1](found[name], port_of(server))
                except RuntimeError as error:
                    clients[name][fault] = {"failed": str(error)}
                say(json.dumps(clients[name][fault]))
    report = {"faults": chosen.faults, "cpu": cpu(), "cores": os.cpu_count(), "load": load, "clients": clients}
    print(json.dumps(report))
    lines = list(table(report))
    print("\n".join(lines), file=sys.stderr)
    if not chosen.no_write:
        machine = f"{report['cpu']}, {report['cores']} cores, load {load:.1f} at the start."
        between_marks(README, BEGIN, END, [f"Worst call: wall / own / processor time, ms. {machine}", "", *lines])


if __name__ == "__main__":
    main()
