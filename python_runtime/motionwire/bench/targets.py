"""What the runtime is asked to reach, all measured in one run: each line beside what was asked and the floor of the same run."""

import time
from typing import Any

from motionwire.bench import controller, stream, text
from motionwire.bench.line import Line, rows
from motionwire.bundle import Bundle

CROWD = 1000
ACTS_S = 4.0  # s of motion of each sentence
ALONE_S = 10.0  # s of lock-step of one character, and of measuring the controller
PAUSE_S = 2.0  # between the parts, so that one does not pay for the other


def measure(bundle: Bundle, seconds: float) -> dict[str, Any]:
    """`lines` and, by part, all figures behind them. seconds: of a thousand characters at 60 Hz."""
    parts: dict[str, dict[str, Any]] = {}
    for name, part in {
        "alone": lambda: stream.measure(bundle, 1, min(seconds, ALONE_S)),
        "crowd": lambda: stream.measure(bundle, CROWD, seconds),
        "controller": lambda: controller.measure(bundle, None, min(seconds, ALONE_S), 2),
        "sentences": lambda: text.measure(bundle, min(seconds, ACTS_S), 1),
    }.items():
        time.sleep(PAUSE_S)
        parts[name] = part()
    return {"lines": rows(lines(**parts)), **parts, "bundle": bundle.name}


def lines(alone: dict[str, Any], crowd: dict[str, Any], controller: dict[str, Any], sentences: dict[str, Any]) -> list[Line]:
    """The figures that were asked for, from those of the parts."""
    echo = f"echo {alone['floor_rtt_ms_p50']}, bare ONNX run {alone['floor_onnx_ms_p50']} ms"
    one, many = controller["batches"]["1"], controller["batches"][str(CROWD)]
    acting, together = sentences["acting"], sentences["together"]
    held = 100 * acting["16"]["held_frames"] / max(acting["16"]["frames"], 1)
    resident = max(alone["resident_mb"], crowd["resident_mb"], acting["1"]["resident_mb"], acting["16"]["resident_mb"])
    return [
        Line("one character's round trip above echo and bare run, p50", "ms", alone["above_floors_ms_p50"], 0.6, echo),
        Line("the same, p99", "ms", alone["above_floors_ms_p99"], 3.0, echo),
        Line(
            f"{CROWD} characters at 60 Hz, client on the same cores: missed ticks of {crowd['ticks']}",
            "",
            crowd["missed_ticks"],
            0,
            f"{_steady(crowd)}; {_waits(crowd)}",
        ),
        Line("their round trip, p99", "ms", crowd["rtt_ms_p99"], 16.67, f"bare ONNX run {crowd['floor_onnx_ms_p50']} ms"),
        Line("their tick without the model", "%", crowd["rest_percent"], 25, f"tick {crowd['tick_ms_mean']} ms"),
        Line(
            f"controller for {CROWD} over its bare run",
            "x",
            many["controller_over_floor"],
            1.3,
            f"{many['floor_us_per_character']} us each",
        ),
        Line(f"controller for {CROWD}", "ms", round(CROWD * many["controller_us_per_character"] / 1000, 3), 14),
        Line("controller for one", "ms", round(one["controller_us_per_character"] / 1000, 4), 0.25, f"{one['floor_us_per_character']} us"),
        Line("act: first frame on the wire, p99", "ms", acting["1"]["first_frame_ms_p99"], 120),
        Line("sentences: motion made per second, one alone", "s", together["1"]["motion_s_per_s"], 8, least=True),
        Line("sentences: motion made per second for each of 16", "s", together["16"]["motion_s_per_s_each"], 1, least=True),
        Line("16 characters acting at once: frames held since the next was late", "%", round(held, 2), 0),
        Line("resident memory of the server", "MB", resident, 600),
    ]


def _steady(crowd: dict[str, Any]) -> str:
    """How often the bare run alone, at 60 Hz before and after the ticks, took what would have made a tick late."""
    spread = f"p50 {crowd['steady_ms_p50']}, p99 {crowd['steady_ms_p99']} ms"
    late = f"{crowd['steady_over_left']} over the {crowd['left_ms']} ms that a tick leaves them"
    slowed = f"{crowd['steady_slowed']} slower than p50 by the {crowd['slowed']} x that makes a tick late"
    return f"missed in {crowd['missed_in_s']} different seconds; {crowd['steady_runs']} bare runs at 60 Hz: {spread}, {late}, {slowed}"


def _waits(crowd: dict[str, Any]) -> str:
    """What threads of server and client stood ready for without a processor."""
    missed = "" if crowd["waited_ms_missed"] is None else f", {crowd['waited_ms_missed']} ms where it was missed"
    return f"a tick's wait for a processor {crowd['waited_ms_p50']} ms{missed}; stolen {crowd['stolen_percent']} %"
