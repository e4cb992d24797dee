"""The report's arithmetic on records made by hand."""

import pytest

from motionwire.motion.contacts import CONTACT_NAMES
from motionwire_training.data.charts import histogram
from motionwire_training.data.report import STATISTICS, build
from motionwire_training.data.report_html import rows_table, with_unit


def record(key: str, status: str = "imported", **measures: float) -> dict:
    names = (*STATISTICS, "frames", "fps", "source_fps", *(f"contact_{name}" for name in CONTACT_NAMES))
    values = {name: 1.0 for name in names} | measures if status == "imported" else {}
    labels = {name: "x" for name in ("path", "source", "licence", "content", "style", "split", "detail")}
    return labels | {"key": key, "status": status, "reason": "" if status == "imported" else "why", "flags": [], "measures": values}


def test_a_lost_clip_is_an_error_of_ours() -> None:
    with pytest.raises(RuntimeError, match="2 clips were listed, 1 accounted for"):
        build([record("a")], listed=2)


def test_clips_count_by_their_length_in_means_over_time() -> None:
    records = [record("a", seconds=1.0, contact_left_toe=0.0), record("b", seconds=3.0, contact_left_toe=1.0)]
    report = build(records, listed=2)
    assert report["contact_rates"]["left_toe"] == 0.75
    assert report["mean_seconds"] == 2.0 and report["minutes"] == pytest.approx(4 / 60, abs=0.01)


def test_outliers_are_found_within_their_source() -> None:
    records = [record(f"r{i}", speed_max_m_s=1.0 + 0.1 * (i % 5)) for i in range(20)] + [record("fast", speed_max_m_s=9.0)]
    found = build(records, listed=21)["outliers"]
    assert [(outlier["key"], outlier["measure"]) for outlier in found] == [("fast", "speed_max_m_s")]


def test_an_import_without_any_good_clip_still_reports() -> None:
    report = build([record("a", "rejected"), record("b", "missing")], listed=2)
    assert report["clips"] == {"listed": 2, "imported": 0, "rejected": 1, "missing": 1}
    assert report["reject_reasons"] == {"why": 1} and report["frames"] == 0


def test_names_from_outside_cannot_write_into_the_page() -> None:
    assert "<script>" not in rows_table([{"key": "<script>alert(1)</script>", "count": 3}])
    assert with_unit("mean_speed_m_s") == "mean speed, m/s" and with_unit("leg_m") == "leg, m"


def test_a_histogram_of_equal_values_is_drawn() -> None:
    assert histogram([1.0, 1.0, 1.0], "Length", "s").count("<rect") >= 1
