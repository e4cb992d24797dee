"""Feature round trip on every validation clip of the shared data: rotation error under 1e-3 degrees, drift under 1 mm."""

import csv
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from motionwire.formats import asf_amc, bvh
from motionwire.motion import features as ft
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.resample import resample
from motionwire.motion.retarget import to_canonical


def validation_clips(folder: Path) -> Iterator[Clip]:
    """Every clip of the manifest's validation split, as read, its reference frames dropped, at its true rate."""
    wanted: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    with (folder / "manifest.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["split"] == "val":
                wanted[row["archive"]][row["path"]] = row
    for archive, rows in wanted.items():
        skeletons: dict[str, bytes] = {}
        motions: list[tuple[dict[str, str], bytes]] = []
        with tarfile.open(folder / archive) as tar:
            for member in tar:
                path = member.name.removeprefix("./")
                if path.endswith(".asf") or path in rows:
                    file = tar.extractfile(member)
                    assert file is not None
                    if path in rows:
                        motions.append((rows[path], file.read()))
                    else:
                        skeletons[Path(path).stem] = file.read()
        for row, data in motions:
            if row["format"] == "amc":
                clip = asf_amc.parse(skeletons[Path(row["path"]).stem.split("_")[0]], data, row["clip"])
            else:
                clip = bvh.parse(data, row["clip"])
            yield replace(clip, fps=float(row["fps"])).slice(int(row["first_frame"]))


@pytest.mark.shared_data
def test_round_trip_of_every_validation_clip(shared_data: Path) -> None:
    count, worst_degrees, worst_drift = 0, 0.0, 0.0
    for source in validation_clips(shared_data):
        clip = resample(to_canonical(source), ft.FPS)
        heading = float(rot.yaw_of(clip.rotations[0, 0].astype(np.float64)))
        back = ft.decode(ft.encode(clip), clip.skeleton, heading=heading, origin=tuple(clip.root_positions[0, [0, 2]]))
        angles = rot.angle_between(clip.rotations.astype(np.float64), back.rotations.astype(np.float64))
        worst_degrees = max(worst_degrees, float(np.degrees(angles.max())))
        worst_drift = max(worst_drift, float(np.abs(clip.root_positions - back.root_positions).max()))
        count += 1
    print(f"{count} clips: worst rotation error {worst_degrees:.2e} degrees, worst root drift {worst_drift * 1000:.2e} mm")
    assert count == 143
    assert worst_degrees < 1e-3
    assert worst_drift < 1e-3
