"""The QA report of an import: what came in, what it is like, what was left out and why. JSON here, the page in report_html.py."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from motionwire.formats.atomic import write_atomically
from motionwire.motion.contacts import CONTACT_NAMES
from motionwire_training.data.complexity import pose_dimensions
from motionwire_training.data.licences import licence_class
from motionwire_training.data.report_html import page
from motionwire_training.data.shards import read_shards

STATISTICS = (
    "seconds", "speed_mean_m_s", "speed_max_m_s", "distance_m", "turn_total_deg", "turn_rate_deg_s", "moving", "forward",
    "joint_speed_deg_s", "joint_step_max_deg", "leg_m", "height_m", "root_height_m", "floor_m", "airborne",
)  # fmt: skip
# Robust z-scores are taken within a source's content (its runs, its bows), with a spread of at least this much, so that clips of
# one actor doing one thing are outliers only where it matters.
LEAST_SPREAD = {
    "speed_max_m_s": 0.5, "joint_speed_deg_s": 10.0, "joint_step_max_deg": 10.0, "leg_m": 0.05, "height_m": 0.1,
    "root_height_m": 0.05, "floor_m": 0.02, "turn_rate_deg_s": 20.0,
}  # fmt: skip
OUTLIER = 6.0  # robust z-score
TURNING = 30.0  # degrees over the clip that count as a turn
TABLES = ("source", "split", "licence", "content", "style")
LISTED = 1000  # rejects, missing clips and outliers written out one by one; clips.jsonl has them all


def write_report(out: Path, records: list[dict], dataset: dict[str, Any], listed: int) -> None:
    """Write report.json and report.html; the shards must be in place. Raises RuntimeError when clips were lost."""
    report = build(records, listed)
    report["data_version"] = dataset["version"]
    report["complexity"] |= pose_dimensions(chain.from_iterable(read_shards(out, split) for split in dataset["shards"]))
    write_atomically(out / "report.json", json.dumps(report, indent=1, ensure_ascii=False).encode())
    write_atomically(out / "report.html", page(report, records, out).encode())


def build(records: list[dict], listed: int) -> dict[str, Any]:
    """The report without what needs the motion itself."""
    statuses = Counter(record["status"] for record in records)
    if sum(statuses.values()) != listed:
        raise RuntimeError(f"{listed} clips were listed, {sum(statuses.values())} accounted for")
    imported = [record for record in records if record["status"] == "imported"]
    rejected = [record for record in records if record["status"] == "rejected"]
    columns = {name: np.array([r["measures"][name] for r in imported]) for name in (*STATISTICS, "frames", "fps", "source_fps")}
    return {
        "clips": {"listed": listed, **{status: statuses[status] for status in ("imported", "rejected", "missing")}},
        "frames": int(columns["frames"].sum()),
        "minutes": round(float(columns["seconds"].sum()) / 60, 2),
        "mean_seconds": round(float(columns["seconds"].mean()), 3) if imported else 0.0,
        "frame_rates": rates(columns["fps"]),
        "source_frame_rates": rates(columns["source_fps"]),
        "statistics": {name: summary(columns[name]) for name in STATISTICS},
        "heading": {
            "turn_left": int((columns["turn_total_deg"] > TURNING).sum()),
            "turn_right": int((columns["turn_total_deg"] < -TURNING).sum()),
            "straight": int((np.abs(columns["turn_total_deg"]) <= TURNING).sum()),
        },
        "contact_rates": {name: weighted(imported, f"contact_{name}") for name in CONTACT_NAMES},
        "complexity": {
            "measure": "mean joint angular speed, and principal components of the joint rotations (6D, root heading removed)",
            "joint_speed_deg_s": weighted(imported, "joint_speed_deg_s"),
        },
        "outliers": outliers(imported)[:LISTED],
        "flags": flags(imported),
        "reject_reasons": dict(Counter(record["reason"] for record in rejected)),
        "rejects": [brief(record) for record in rejected][:LISTED],
        "missing": [brief(record) for record in records if record["status"] == "missing"][:LISTED],
        "tables": {name: table(records, name) for name in TABLES},
    }


def rates(values: np.ndarray) -> dict[str, int]:
    """Frame rate to its number of clips."""
    return {f"{fps:g}": count for fps, count in sorted(Counter(values.round(3).tolist()).items())}


def summary(values: np.ndarray) -> dict[str, float]:
    """Mean, median, spread and range of a measure."""
    if not len(values):
        return {}
    low, median, high = np.percentile(values, (5, 50, 95))
    numbers = {"mean": values.mean(), "median": median, "p5": low, "p95": high, "min": values.min(), "max": values.max()}
    return {name: round(float(value), 4) for name, value in numbers.items()}


def weighted(imported: list[dict], name: str) -> float:
    """Mean over time: clips count by their length."""
    seconds = np.array([record["measures"]["seconds"] for record in imported])
    values = np.array([record["measures"][name] for record in imported])
    return round(float((values * seconds).sum() / seconds.sum()), 4) if len(seconds) else 0.0


def outliers(imported: list[dict]) -> list[dict[str, Any]]:
    """Clips far from the others of their source and content, the furthest first; they are marked, not dropped."""
    groups: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for record in imported:
        groups[record["source"], record["content"]].append(record)
    found = []
    for group in groups.values():
        for name, least in LEAST_SPREAD.items():
            values = np.array([record["measures"][name] for record in group])
            median = np.median(values)
            spread = max(1.4826 * float(np.median(np.abs(values - median))), least)
            found += [
                {"key": group[i]["key"], "measure": name, "value": float(values[i]), "z": round(float((values[i] - median) / spread), 1)}
                for i in np.flatnonzero(np.abs(values - median) > OUTLIER * spread)
            ]
    return sorted(found, key=lambda outlier: -abs(outlier["z"]))


def flags(imported: Iterable[dict]) -> dict[str, list[str]]:
    """Flag to the keys of the clips that have it."""
    keys: dict[str, list[str]] = {}
    for record in imported:
        for flag in record["flags"]:
            keys.setdefault(flag, []).append(record["key"])
    return {flag: found[:LISTED] for flag, found in sorted(keys.items())}


def brief(record: dict) -> dict[str, str]:
    """What the report says of a clip that is not in the data set."""
    return {name: record[name] for name in ("key", "source", "path", "reason", "detail")}


def table(records: list[dict], column: str) -> list[dict[str, Any]]:
    """One row per value of a label: how many clips were listed and imported, their length and speed."""
    groups: dict[str, list[dict]] = defaultdict(list)
    for record in records:
        groups[record[column]].append(record)
    rows = []
    for value, group in sorted(groups.items()):
        kept = [record["measures"] for record in group if record["status"] == "imported"]
        row = {
            column: value or "(none)",
            "listed": len(group),
            "imported": len(kept),
            "rejected": sum(record["status"] == "rejected" for record in group),
            "missing": sum(record["status"] == "missing" for record in group),
            "minutes": round(sum(m["seconds"] for m in kept) / 60, 2),
            "mean_seconds": round(float(np.mean([m["seconds"] for m in kept])), 2) if kept else 0.0,
            "mean_speed_m_s": round(float(np.mean([m["speed_mean_m_s"] for m in kept])), 3) if kept else 0.0,
            "joint_speed_deg_s": round(float(np.mean([m["joint_speed_deg_s"] for m in kept])), 1) if kept else 0.0,
        }
        if column == "licence":
            row["licence_class"] = licence_class(value)
        rows.append(row)
    return rows
