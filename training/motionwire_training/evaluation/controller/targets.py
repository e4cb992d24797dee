"""What the scorecard asks of a bundle, line by line, and whether it is met."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import isfinite

Scores = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Target:
    """`measure` of every path that matches the pattern `path` has to lie in least..most; the worst one is what counts."""

    path: str
    measure: str
    most: float = float("inf")
    least: float = float("-inf")

    @property
    def asked(self) -> str:
        """The limits in words."""
        if isfinite(self.least) and isfinite(self.most):
            return f"{self.least:g}..{self.most:g}"
        return f"<= {self.most:g}" if isfinite(self.most) else f">= {self.least:g}"


@dataclass(frozen=True)
class Verdict:
    """A target, the path that came out worst, its figure, and whether that is good enough."""

    target: Target
    path: str
    value: float
    met: bool


WALKED_AND_RUN = ("straight_walk", "circle2_walk", "straight_run", "circle5_run", "random_walk", "random_run")
TARGETS = (
    Target("straight_walk", "path_error_cm", 2),
    Target("straight_run", "path_error_cm", 2),
    Target("circle2_walk", "path_error_cm", 4),
    Target("circle5_run", "path_error_cm", 10),
    Target("eight_walk", "path_error_cm", 8),
    Target("sine_walk", "path_error_cm", 8),
    Target("square4_walk", "path_error_p95_cm", 25),
    Target("straight_walk", "foot_skate_cm_s", 5),
    Target("circle2_walk", "foot_skate_cm_s", 7),
    Target("straight_run", "foot_skate_cm_s", 8),
    Target("circle5_run", "foot_skate_cm_s", 12),
    Target("random_walk", "foot_skate_cm_s", 12),
    Target("random_run", "foot_skate_cm_s", 20),
    *(Target(path, "shown_skate_cm_s", 1) for path in WALKED_AND_RUN),
    *(Target(path, "added_acceleration_ratio", 2) for path in WALKED_AND_RUN),
    Target("straight_run", "aloft_s", 0.5),
    Target("random_walk", "dead_frames", 0),
    Target("random_run", "dead_frames", 0),
    Target("*", "broken_frames", 0),
    Target("backward/*", "speed_share", least=0.8),
    Target("strafe*", "facing_error_deg", 15),
    Target("strafe*", "outside_range_percent", 0),
    Target("speed_*", "speed_share", 1.1, 0.9),
    Target("start_stop_walk", "stop_s", 0.8),
    Target("start_stop_walk", "response_90_s", 0.7),
    Target("idle", "drift_cm", 5),
    Target("idle", "liveliness_ratio", least=0.5),
    Target("turn90", "turn_error_deg", 15),
    Target("turn180", "turn_error_deg", 15),
    Target("flip90_walk", "response_s", 0.45),
    Target("flip180_walk", "response_s", 0.8),
    Target("styles", "accuracy_ratio", least=0.8),
    Target("style_walk/*", "speed_share", 1.1, 0.9),
    Target("style_path/*", "path_error_ratio", 1.5),
    Target("validation", "teacher_geo_deg", 5),
    Target("validation", "teacher_root_vel_mae_m_s", 0.03),
    Target("validation", "free_teacher_ratio_1s", 2),
)


def verdicts(scores: Scores) -> list[Verdict]:
    """Every target that the scores have a figure for."""
    found = []
    for target in TARGETS:
        values = [
            (figures[target.measure], path)
            for path, figures in scores.items()
            if fnmatchcase(path, target.path) and target.measure in figures
        ]
        if values:
            value, path = max(values, key=lambda pair: _beyond(target, pair[0]))
            found.append(Verdict(target, path, value, _beyond(target, value) <= 0))
    return found


def _beyond(target: Target, value: float) -> float:
    """How far a value lies beyond the limits, negative inside; what is not a number is beyond all."""
    return max(value - target.most, target.least - value) if value == value else float("inf")  # noqa: PLR0124
