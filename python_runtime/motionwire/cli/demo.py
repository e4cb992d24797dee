"""`motionwire demo`: the embedded bundle, a server, a character driven over the wire, shown in the browser or summed up."""

import json
import signal
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live
from rich.status import Status
from rich.table import Table
from rich.text import Text

from motionwire.broadcast import about
from motionwire.bundle import Bundle, default
from motionwire.cli.demo_runtime import DemoRuntime
from motionwire.cli.demo_script import SCRIPT, Leg, Report, drive
from motionwire.cli.demo_viewer import run_viewer
from motionwire.client import Client, PoseFrame
from motionwire.errors import InputError
from motionwire.kernels import compiled
from motionwire.server.messages import MAX_TEXT
from motionwire.server.process import ServerProcess

SECONDS = 20.0
SHORTEST = 2.0
LONGEST = 3600.0
SENTENCE = "a person walks"  # for a bundle without suggestions
LOCOMOTION = ("walk", "run", "jog", "stand", "idle")
REFRESH = 6  # frames between two pictures of the live line


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="no browser: drive a script and sum it up")] = False,
    seconds: Annotated[
        float | None,
        typer.Option(help=f"length of the script, {SECONDS:g} unless set; in the browser it repeats until Ctrl-C, or ends after this"),
    ] = None,
    sentence: Annotated[str | None, typer.Option(help="what the character acts out; unset: one that the bundle suggests")] = None,
    bundle: Annotated[str | None, typer.Option(help="name of an embedded bundle, or a bundle's folder")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object; implies --headless")] = False,
) -> None:
    """Show a character that walks, turns, runs, stops, acts a sentence out and walks on."""
    length = SECONDS if seconds is None else seconds
    if not SHORTEST <= length <= LONGEST:
        raise InputError(f"{length:g} is not between {SHORTEST:g} and {LONGEST:g}", "--seconds")
    if sentence is not None and not (sentence.strip() and len(sentence) <= MAX_TEXT):
        raise InputError(f"a sentence has 1 to {MAX_TEXT} characters, this one {len(sentence.strip())}", "--sentence")
    loaded = Bundle.load(bundle or default())

    def sentences_of(shown: Bundle) -> list[str]:
        return [*([sentence] if sentence else []), *_best_first(shown.manifest.suggestions)] or [SENTENCE]

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that the server's process ends too
    if headless or as_json:
        with _starting(Console(stderr=True)):
            server = ServerProcess(str(loaded.folder))
        with server:
            run_headless(server.endpoint, loaded, length, sentences_of(loaded)[0], as_json)
    else:
        legs = [about.Leg(leg.share * SECONDS, leg.speed, leg.turn, leg.acts) for leg in SCRIPT]
        with _starting(Console(stderr=True)):
            runtime = DemoRuntime(loaded, sentences_of, legs)
        with runtime:
            run_viewer(runtime, loaded, seconds)


def _starting(console: Console) -> Status:
    """What is shown until the server is ready: the first start takes long."""
    return console.status(
        "starting the runtime" + ("" if compiled() else ", which compiles its frame loop the first time: some 20 seconds")
    )


def _best_first(suggestions: list[str]) -> list[str]:
    """Sentences first that are more than locomotion: the script walks, runs and stands anyway."""
    return sorted(suggestions, key=lambda sentence: any(word in sentence for word in LOCOMOTION))


def run_headless(endpoint: str, bundle: Bundle, seconds: float, sentence: str, as_json: bool) -> None:
    """Drive the script and print what happened."""
    console = Console(stderr=as_json, highlight=False)
    with Client(endpoint, name="motionwire demo") as client:
        words = sentence if client.welcome.models[0].acts else ""
        with Live(console=console, refresh_per_second=10, transient=True) as live:

            def show(leg: Leg, frame: PoseFrame, report: Report) -> None:
                if report.frames % REFRESH == 0:
                    live.update(_line(leg, frame, report))

            report = drive(client, seconds, words, show)
    figures = report.figures() | {
        "bundle": bundle.name,
        "licence": bundle.manifest.licence,
        "commercial_use": bundle.manifest.commercial_use,
    }
    if as_json:
        print(json.dumps(figures))
    else:
        console.print(_table(bundle, figures))


def _line(leg: Leg, frame: PoseFrame, report: Report) -> Text:
    x, _, z = frame.root_positions[0]
    speed = report.legs[leg.name][-1]
    doing = "acting" if frame.acting[0] else leg.name
    return Text(
        f"{report.frames / 60:5.1f} s  {doing:<7} at ({x:6.2f}, {z:6.2f}) m  {speed:4.1f} m/s  {report.latencies[-1] * 1000:5.2f} ms"
    )


def _table(bundle: Bundle, figures: dict[str, object]) -> Table:
    table = Table(title=f"bundle {bundle.name}: {bundle.licence_line}", show_header=False)
    rows = {
        "frames over ZeroMQ": figures["frames"],
        "distance": f"{figures['distance_m']} m",
        "mean speed": ", ".join(f"{name} {speed} m/s" for name, speed in figures["speed_m_s"].items()),  # type: ignore[attr-defined]
        "acted": "; ".join(figures["acted"]) or "nothing",  # type: ignore[arg-type]
        "acted frames": figures["acted_frames"],
        "first acted frame after": f"{figures['act_latency_ms']} ms",
        "footsteps": figures["footsteps"],
        "latency of a step": f"{figures['latency_ms_p50']} ms median, {figures['latency_ms_p99']} ms p99",
        "late frames": figures["late_frames"],
    }
    for name, value in rows.items():
        table.add_row(name, str(value))
    for failure in figures["failures"]:  # type: ignore[attr-defined]
        table.add_row("[red]failed[/]", failure)
    return table
