"""The QA report as one readable page: tables, histograms and contact sheets, everything inline."""

import base64
import html
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from motionwire.motion.clip import Clip
from motionwire.render import contact_sheet
from motionwire_training.data.charts import histogram
from motionwire_training.data.shards import read_shards

HISTOGRAMS = (
    ("seconds", "Length", "s"),
    ("speed_mean_m_s", "Mean speed", "m/s"),
    ("speed_max_m_s", "Highest speed", "m/s"),
    ("turn_total_deg", "Heading change, left positive", "degrees"),
    ("turn_rate_deg_s", "Turn rate", "degrees/s"),
    ("joint_speed_deg_s", "Complexity: mean joint speed", "degrees/s"),
    ("joint_step_max_deg", "Largest joint step in a frame", "degrees"),
    ("root_height_m", "Pelvis height", "m"),
    ("floor_m", "Lowest foot joint", "m"),
    ("contact_left_toe", "Left toe contact", "share of time"),
    ("contact_right_toe", "Right toe contact", "share of time"),
    ("height_m", "Body height", "m"),
)
SHEET_SOURCES = 12
SHEET_SECONDS = 20.0
SHOWN = 100  # rows of long lists
STYLE = """
:root { color-scheme: light dark; } body { font: 15px/1.5 system-ui, sans-serif; max-width: 1180px; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: .2rem; } h2 { margin-top: 2.2rem; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; } th, td { padding: .2rem .7rem; border-bottom: 1px solid #8884; text-align: right; }
th:first-child, td:first-child, td.text { text-align: left; } th { font-weight: 600; }
.figures { display: flex; flex-wrap: wrap; gap: .4rem 2.2rem; margin: 1rem 0; } .figures b { display: block; font-size: 1.6rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(340px, 1fr)); gap: .8rem; }
svg { border: 1px solid #8884; border-radius: 6px; } svg rect { fill: #3b82c4; } svg line { stroke: #888; }
svg text { font: 11px system-ui, sans-serif; fill: currentColor; } svg .title { font-size: 13px; font-weight: 600; }
img { width: 100%; background: white; border: 1px solid #8884; border-radius: 6px; margin-bottom: .8rem; } .note { opacity: .75; }
"""


def page(report: dict[str, Any], records: list[dict], folder: Path) -> str:
    """The page of a report; `folder` is the data set, whose shards give the pictures."""
    clips = report["clips"]
    imported = [record for record in records if record["status"] == "imported"]
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>Motion data report</title><style>{STYLE}</style><h1>Motion data report</h1>",
        f"<p class=note>data version {html.escape(report['data_version'])}. Every listed clip is imported, rejected or missing: "
        f"{clips['imported']} + {clips['rejected']} + {clips['missing']} = {clips['listed']}.</p>",
        figures(report),
        "<h2>Distributions</h2><div class=charts>",
        *(histogram([record["measures"][name] for record in imported], title, unit) for name, title, unit in HISTOGRAMS),
        "</div>",
        "<h2>Pictures</h2><p class=note>One clip of each source, of middling length: left limbs blue, right limbs red.</p>",
        *pictures(imported, folder),
    ]
    for name, rows in report["tables"].items():
        parts += [f"<h2>By {name}</h2>", rows_table(rows)]
    parts += [
        "<h2>Statistics of clips</h2>",
        rows_table([{"measure": with_unit(name), **row} for name, row in report["statistics"].items() if row]),
    ]
    parts += ["<h2>Rejected</h2>", rows_table(report["rejects"][:SHOWN]) if report["rejects"] else "<p>None.</p>"]
    if report["missing"]:
        parts += ["<h2>Missing</h2>", rows_table(report["missing"][:SHOWN])]
    parts += [
        "<h2>Outliers</h2><p class=note>Far from the other clips of their source and content (robust z-score); kept, but worth a look.</p>",
        rows_table(report["outliers"][:SHOWN]) if report["outliers"] else "<p>None.</p>",
        "<h2>Flags</h2><p class=note>airborne: both feet above 0.3 m for a tenth of the time (climbing, jumping); bridged: joint flips "
        "were interpolated; cut: frames beyond a jump of the root or the whole body were dropped.</p>",
        rows_table([{"flag": flag, "clips": len(keys), "keys": ", ".join(keys[:SHOWN])} for flag, keys in report["flags"].items()]),
        "</html>",
    ]
    return "\n".join(parts)


def figures(report: dict[str, Any]) -> str:
    """The headline numbers."""
    complexity = report["complexity"]
    rates, originals = (
        ", ".join(f"{rate} ({count})" for rate, count in report[name].items()) for name in ("frame_rates", "source_frame_rates")
    )
    contacts = ", ".join(f"{name.replace('_', ' ')} {rate:.0%}" for name, rate in report["contact_rates"].items())
    heading = report["heading"]
    numbers = {
        "clips": f"{report['clips']['imported']:,}",
        "frames": f"{report['frames']:,}",
        "minutes": f"{report['minutes']:,.1f}",
        "mean length": f"{report['mean_seconds']:.2f} s",
        "mean joint speed": f"{complexity['joint_speed_deg_s']:.0f} deg/s",
        "pose dimensions (95 %)": str(complexity.get("pca_dims_95", "-")),
        "rejected": str(report["clips"]["rejected"]),
        "missing": str(report["clips"]["missing"]),
        "outliers": str(len({outlier["key"] for outlier in report["outliers"]})),
    }
    shown = "".join(f"<div><b>{value}</b>{name}</div>" for name, value in numbers.items())
    reasons = ", ".join(f"{reason.replace('_', ' ')}: {count}" for reason, count in report["reject_reasons"].items()) or "none"
    return (
        f"<div class=figures>{shown}</div><p>Frame rates (clips): {rates}; of the sources: {originals}. Foot contact: {contacts}. "
        f"Turning left {heading['turn_left']}, right {heading['turn_right']}, straight {heading['straight']} clips. Rejects: {reasons}. "
        f"Complexity is the {html.escape(complexity['measure'])}.</p>"
    )


def rows_table(rows: list[dict[str, Any]]) -> str:
    """A table of dictionaries with equal keys."""
    if not rows:
        return "<p>None.</p>"
    head = "".join(f"<th>{html.escape(with_unit(name))}</th>" for name in rows[0])
    body = "".join("<tr>" + "".join(cell(value) for value in row.values()) + "</tr>" for row in rows)
    return f"<div class=wide><table><tr>{head}</tr>{body}</table></div>"


def with_unit(name: str) -> str:
    """A measure's name as words: mean_speed_m_s becomes "mean speed, m/s"."""
    for suffix, unit in (("_m_s", "m/s"), ("_deg_s", "deg/s"), ("_deg", "deg"), ("_m", "m")):
        if name.endswith(suffix):
            return f"{name.removesuffix(suffix)}, {unit}".replace("_", " ")
    return name.replace("_", " ")


def cell(value: object) -> str:
    """One cell; words to the left, numbers to the right."""
    if isinstance(value, str):
        return f"<td class=text>{html.escape(value)}</td>"
    if isinstance(value, float):
        return f"<td>{value:,.0f}</td>" if abs(value) >= 100 else f"<td>{value:.3g}</td>"
    return f"<td>{value:,}</td>"


def pictures(imported: list[dict], folder: Path) -> Iterable[str]:
    """Contact sheets as images, one for each source."""
    wanted: dict[str, str] = {}
    for source in sorted({record["source"] for record in imported})[:SHEET_SOURCES]:
        group = sorted((record["measures"]["seconds"], record["key"], record["split"]) for record in imported if record["source"] == source)
        wanted[group[len(group) // 2][1]] = group[len(group) // 2][2]
    found = {
        sample.clip.name: sample.clip
        for split in sorted(set(wanted.values()))
        for sample in read_shards(folder, split)
        if sample.clip.name in wanted
    }
    for key in wanted:
        yield f'<img alt="contact sheet of {html.escape(key)}" src="data:image/png;base64,{sheet(found[key])}">'


def sheet(clip: Clip) -> str:
    """A contact sheet of the clip's start as base64 PNG."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.png"
        contact_sheet(clip.slice(0, max(1, int(SHEET_SECONDS * clip.fps))), path)
        return base64.b64encode(path.read_bytes()).decode()
