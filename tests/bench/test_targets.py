"""Each line of `motionwire bench targets` reads its own figure, and knows which way is better."""

from motionwire.bench.line import Line
from motionwire.bench.targets import CROWD, lines

STREAM = {
    "above_floors_ms_p50": 0.5, "above_floors_ms_p99": 2.0, "floor_rtt_ms_p50": 0.2, "floor_onnx_ms_p50": 0.3, "ticks": 600,
    "missed_ticks": 0, "rtt_ms_p99": 12.0, "rest_percent": 20.0, "tick_ms_mean": 9.0, "resident_mb": 300,
    "waited_ms_p50": 0.1, "waited_ms_missed": None, "stolen_percent": 0.0, "missed_in_s": 0,
    "steady_runs": 900, "steady_ms_p50": 7.0, "steady_ms_p99": 9.0, "steady_over_left": 2, "left_ms": 13.0,
    "steady_slowed": 5, "slowed": 1.6,
}  # fmt: skip
BATCH = {"controller_over_floor": 1.2, "controller_us_per_character": 10.0, "floor_us_per_character": 8.0}
ACTING = {"first_frame_ms_p99": 80.0, "frames": 200, "held_frames": 0, "resident_mb": 310}


def found(crowd: dict = {}, batch: dict = {}, acting: dict = {}, together: dict = {}) -> list[Line]:  # noqa: B006
    made = {"motion_s_per_s": 20.0, "motion_s_per_s_each": 1.5} | together
    return lines(
        alone=STREAM,
        crowd=STREAM | crowd,
        controller={"batches": {"1": BATCH | {"controller_us_per_character": 150.0}, str(CROWD): BATCH | batch}},
        sentences={"acting": {"1": ACTING, "16": ACTING | acting}, "together": {"1": made, "16": made}},
    )


def missed(**changed: dict) -> list[str]:
    return [line.name for line in found(**changed) if not line.met]


def test_lines() -> None:
    assert missed() == []
    assert len(missed(crowd={"missed_ticks": 1, "rest_percent": 26.0, "rtt_ms_p99": 17.0, "resident_mb": 601})) == 4
    assert len(missed(batch={"controller_over_floor": 1.31, "controller_us_per_character": 14.1})) == 2
    assert len(missed(together={"motion_s_per_s": 7.9, "motion_s_per_s_each": 0.99})) == 2
    assert missed(acting={"held_frames": 1}) == ["16 characters acting at once: frames held since the next was late"]


def test_a_missed_tick_is_told_with_what_it_waited_for() -> None:
    told = [line.floor for line in found(crowd={"missed_ticks": 1, "missed_in_s": 1, "waited_ms_missed": 9.5}) if line.found == 1]
    assert told == [
        "missed in 1 different seconds; 900 bare runs at 60 Hz: p50 7.0, p99 9.0 ms, 2 over the 13.0 ms that a tick leaves them, "
        "5 slower than p50 by the 1.6 x that makes a tick late; "
        "a tick's wait for a processor 0.1 ms, 9.5 ms where it was missed; stolen 0.0 %"
    ]
