"""The scorecard as text: one line per path, then one line per target."""

from collections.abc import Mapping, Sequence

from motionwire_training.evaluation.controller.targets import Scores, Verdict

COLUMNS = {  # measure: heading
    "path_error_cm": "path cm",
    "path_error_p95_cm": "p95 cm",
    "heading_error_deg": "head deg",
    "speed_share": "speed",
    "foot_skate_cm_s": "skate",
    "shown_skate_cm_s": "shown",
    "penetration_cm": "pen cm",
    "float_cm": "float cm",
    "added_acceleration_ratio": "pop",
    "jerk_gap": "jerk gap",
    "joint_speed_gap": "joint gap",
    "outside_range_percent": "range %",
    "dead_frames": "dead",
    "broken_frames": "broken",
    "response_s": "50% s",
    "response_90_s": "90% s",
    "stop_s": "stop s",
    "facing_error_deg": "face deg",
}
PATH, WIDTH = 26, 10


def path_table(scores: Scores) -> str:
    """Figures by path; left out where a path has none."""
    lines = ["path".ljust(PATH) + "".join(heading.rjust(WIDTH) for heading in COLUMNS.values())]
    for path, figures in scores.items():
        if any(name in figures for name in COLUMNS):
            lines.append(path[: PATH - 1].ljust(PATH) + "".join(_number(figures.get(name)).rjust(WIDTH) for name in COLUMNS))
    return "\n".join(lines)


def figures_table(title: str, figures: Mapping[str, float]) -> str:
    """A title with one figure a line."""
    return "\n".join([title, *(f"  {name.ljust(32)}{_number(value).rjust(WIDTH)}" for name, value in figures.items())])


def target_table(found: Sequence[Verdict]) -> str:
    """What is asked, what was measured, and whether that is met."""
    lines = ["target".ljust(48) + "asked".rjust(12) + "measured".rjust(WIDTH) + "  "]
    for verdict in found:
        name = f"{verdict.target.path} {verdict.target.measure}"
        worst = "" if verdict.path == verdict.target.path else f" ({verdict.path})"
        result = "met" if verdict.met else "MISSED"
        lines.append(name.ljust(48) + verdict.target.asked.rjust(12) + _number(verdict.value).rjust(WIDTH) + f"  {result}{worst}")
    return "\n".join([*lines, f"{sum(verdict.met for verdict in found)} of {len(found)} targets met"])


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value == round(value) and abs(value) < 1e6 else f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
