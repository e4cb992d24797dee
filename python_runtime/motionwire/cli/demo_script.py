"""What the demo does: a scripted stick, driven over the wire, and what is measured on the way."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from motionwire.client import Client, PoseFrame, Stick

FPS = 60
CHARACTER = 1
SHORTEST_ACT, LONGEST_ACT = 1.0, 20.0  # s, what models can act in one go


@dataclass(frozen=True)
class Leg:
    """A part of the script: its share of the time, speed in m/s, turning in rad/s; acts: the sentence starts with it."""

    name: str
    share: float
    speed: float = 0.0
    turn: float = 0.0
    acts: bool = False


SCRIPT = (
    Leg("walk", 0.20, speed=1.3),
    Leg("turn", 0.15, speed=1.3, turn=1.0),
    Leg("run", 0.15, speed=3.0),
    Leg("stop", 0.10),
    Leg("act", 0.25, acts=True),
    Leg("walk", 0.15, speed=1.3),
)


@dataclass
class Report:
    """What happened. latencies in s, one per frame; speeds in m/s per leg."""

    frames: int = 0
    distance_m: float = 0.0
    acted: list[str] = field(default_factory=list)
    acted_frames: int = 0
    failures: list[str] = field(default_factory=list)
    footsteps: int = 0
    late_frames: int = 0
    act_latency: float = math.nan
    latencies: list[float] = field(default_factory=list)
    legs: dict[str, list[float]] = field(default_factory=dict)

    def figures(self) -> dict[str, object]:
        """The keys of `--json`."""
        p50, p99 = np.percentile(self.latencies, (50, 99)) * 1000
        return {
            "frames": self.frames,
            "seconds": round(self.frames / FPS, 3),
            "distance_m": round(self.distance_m, 3),
            "acted": self.acted,
            "acted_frames": self.acted_frames,
            "act_latency_ms": None if math.isnan(self.act_latency) else round(self.act_latency * 1000, 1),
            "failures": self.failures,
            "footsteps": self.footsteps,
            "late_frames": self.late_frames,
            "speed_m_s": {name: round(float(np.mean(speeds)), 3) for name, speeds in self.legs.items()},
            "latency_ms_p50": round(float(p50), 3),
            "latency_ms_p99": round(float(p99), 3),
        }


def drive(client: Client, seconds: float, sentence: str, on_frame: Callable[[Leg, PoseFrame, Report], None]) -> Report:
    """Run the script over `seconds`, paced at 60 frames a second; sentence empty: the model cannot act."""
    report = Report()
    client.spawn(CHARACTER)
    heading, asked, started = 0.0, math.nan, time.perf_counter()
    before: PoseFrame | None = None
    for leg in SCRIPT:
        if leg.acts and sentence:
            client.act(CHARACTER, sentence, seconds=min(max(SHORTEST_ACT, leg.share * seconds), LONGEST_ACT))
            asked = time.perf_counter()
        for _ in range(round(leg.share * seconds * FPS)):
            heading += leg.turn / FPS
            stick = Stick(move=(leg.speed * math.sin(heading), leg.speed * math.cos(heading)))
            sent = time.perf_counter()
            frame = client.step({CHARACTER: stick}, 1 / FPS)
            received = time.perf_counter()
            report.latencies.append(received - sent)
            _count(report, leg, before, frame, sentence, received - asked)
            on_frame(leg, frame, report)
            before = frame
            report.late_frames += _wait_until(started + report.frames / FPS)
    return report


def _count(report: Report, leg: Leg, before: PoseFrame | None, frame: PoseFrame, sentence: str, since_asked: float) -> None:
    report.frames += 1
    moved = 0.0 if before is None else float(np.linalg.norm((frame.root_positions - before.root_positions)[0, [0, 2]]))
    report.distance_m += moved
    report.legs.setdefault(leg.name, []).append(moved * FPS)
    report.acted_frames += int(frame.acting[0])
    for event in frame.events:
        if event.kind == "footstep":
            report.footsteps += 1
        elif event.kind == "act_begin":
            report.acted.append(sentence)
            report.act_latency = since_asked
        elif event.kind in ("act_failed", "fault"):
            report.failures.append(event.message)


def _wait_until(moment: float) -> bool:
    """Sleep until then; True when it is past already by more than a frame."""
    left = moment - time.perf_counter()
    if left > 0:
        time.sleep(left)
    return left < -1 / FPS
