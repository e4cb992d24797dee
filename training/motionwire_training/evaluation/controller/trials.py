"""The scorecard's trials: which drives there are, and what is measured of each beside what is measured of all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from motionwire_training.evaluation.controller import path as paths
from motionwire_training.evaluation.controller import players
from motionwire_training.evaluation.controller.facing import chest_facing
from motionwire_training.evaluation.controller.following import path_error
from motionwire_training.evaluation.controller.path import Path
from motionwire_training.evaluation.controller.recording import Drive, Recording
from motionwire_training.evaluation.controller.response import answer, turning
from motionwire_training.evaluation.controller.standing import standing

Measure = Callable[[Recording], dict[str, float]]

WALK, RUN, STRAFE, BACK = 1.2, 3.0, 0.8, 0.7  # m/s
CREEPING = 0.25  # m/s: a stick that is hardly moved
SPEEDS = (0.6, 0.8, 1.0, 1.5, 2.0, 2.5, 3.0)  # m/s
STRAFES = (30, 60, 90, 135)  # degrees from where the character faces, to either side
FOLLOWED, RANDOM, IDLE = 60.0, 600.0, 300.0  # s
CHANGES, HELD, STYLED = 40.0, 13.0, 30.0  # s: flips, starts and turns; a held stick; a path in each style
LEAST = 12.0  # s, of any shortened trial


@dataclass(frozen=True, eq=False)
class Trial:
    """A drive and its own measures."""

    drive: Drive
    measures: tuple[Measure, ...] = ()


def trials(styles: Sequence[str], scale: float = 1.0) -> list[Trial]:
    """The whole scorecard for a controller of these styles; `scale` shortens the long trials."""
    followed = max(LEAST, FOLLOWED * scale)
    return [
        *(_following(name, path, speed, followed) for name, path, speed in _paths(followed)),
        *(
            Trial(Drive(f"random_{gait}", seconds, speed, players.random_stick(speed, seconds)))
            for gait, speed in (("walk", WALK), ("run", RUN))
            for seconds in (max(LEAST, RANDOM * scale),)
        ),
        *_changes(max(LEAST, CHANGES * scale)),
        Trial(Drive("idle", max(LEAST, IDLE * scale), 0.0, players.hold(0.0)), (standing,)),
        *_held(styles),
        *(_following(f"style_path/{name}", paths.eight(), WALK, STYLED, index) for index, name in enumerate(styles)),
    ]


def _paths(seconds: float) -> list[tuple[str, Path, float]]:
    walk, run = WALK * seconds * 1.3 + 5, RUN * seconds * 1.3 + 5  # m, longer than anyone gets
    return [
        ("straight_walk", paths.straight(walk), WALK),
        ("straight_run", paths.straight(run), RUN),
        ("circle1.5_walk", paths.circle(1.5), WALK),
        ("circle2_walk", paths.circle(2.0), WALK),
        ("circle5_run", paths.circle(5.0), RUN),
        ("square4_walk", paths.square(4.0), WALK),
        ("square10_run", paths.square(10.0), RUN),
        ("eight_walk", paths.eight(), WALK),
        ("eight_run", paths.eight(2.5), RUN),
        ("sine_walk", paths.sine(walk), WALK),
        ("sine_run", paths.sine(run, 3.0), RUN),
    ]


def _following(name: str, path: Path, speed: float, seconds: float, style: int = 0) -> Trial:
    return Trial(Drive(name, seconds, speed, players.follow(path, speed), path, style), (path_error,))


def _changes(seconds: float) -> list[Trial]:
    flips = [
        Trial(Drive(f"flip{degrees}_{gait}", seconds, speed, players.flips(speed, degrees, every=4.0)), (answer,))
        for gait, speed in (("walk", WALK), ("run", RUN))
        for degrees in (90, 180)
    ]
    starts = [
        Trial(Drive(f"start_stop_{gait}", seconds, speed, players.start_stop(speed, every=3.0)), (answer,))
        for gait, speed in (("walk", WALK), ("run", RUN))
    ]
    turns = [Trial(Drive(f"turn{degrees}", seconds, 0.0, players.turn_in_place(degrees, every=4.0)), (turning,)) for degrees in (90, 180)]
    return flips + starts + turns


def _held(styles: Sequence[str]) -> list[Trial]:
    """A stick held in one direction: speeds, strafing, and walking on and backward in every style."""
    speeds = [Trial(Drive(f"speed_{speed:g}", HELD, speed, players.hold(speed))) for speed in SPEEDS]
    speeds.append(Trial(Drive("creeping", HELD, CREEPING, players.hold(CREEPING))))
    strafes = [
        Trial(Drive(f"strafe{degrees}_{side}", HELD, STRAFE, players.hold(STRAFE, sign * degrees, facing=0.0)), (chest_facing,))
        for degrees in STRAFES
        for side, sign in (("left", 1), ("right", -1))
    ]
    styled = [
        trial
        for index, name in enumerate(styles)
        for trial in (
            Trial(Drive(f"style_walk/{name}", HELD, WALK, players.hold(WALK), style=index)),
            Trial(Drive(f"backward/{name}", HELD, BACK, players.hold(BACK, 180, facing=0.0), style=index), (chest_facing,)),
        )
    ]
    return speeds + strafes + styled
