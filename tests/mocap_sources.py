"""Sources to import, made in code: BVH bytes of synthetic walks, archives and manifests, sound and hostile ones."""

import csv
import io
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from motionwire.formats.bvh_writer import to_bytes
from motionwire.motion.clip import Clip
from synthetic import walking_clip

COLUMNS = (
    "clip", "archive", "path", "format", "fps", "first_frame", "source", "subject", "licence", "content", "style", "description", "split",
    "mirror",
)  # fmt: skip
DEFAULTS = {"format": "bvh", "source": "made", "licence": "MIT", "content": "walk", "style": "normal", "split": "train"}


def bvh(seconds: float = 1.0, fps: float = 30.0, speed: float = 1.0, raised: float = 0.0) -> bytes:
    """A walk as BVH; `raised` metres above the ground."""
    return to_bytes(lifted(walking_clip(seconds, fps, speed), raised))


def lifted(clip: Clip, metres: float) -> Clip:
    """The clip in the air, or below the ground."""
    return replace(clip, root_positions=clip.root_positions + np.array([0, metres, 0], dtype=np.float32))


def write_manifest(folder: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    """manifest.csv with these cells, the others at their defaults."""
    path = folder / "manifest.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(DEFAULTS | dict(row) for row in rows)
    return path


def write_archive(path: Path, files: Mapping[str, bytes], extra: Iterable[tarfile.TarInfo] = ()) -> Path:
    """A compressed tar of these files, then of these members without content."""
    with tarfile.open(path, "w:xz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        for info in extra:
            tar.addfile(info)
    return path
