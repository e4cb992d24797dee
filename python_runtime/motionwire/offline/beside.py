"""The JSON beside each clip: what was asked, by what it was made, under which licence, how clean it is; and whether a clip is there.

It is written before its clip, so a clip without one is somebody else's file, and a JSON without its clip is one whose making was cut
off: it is made again.
"""

import base64
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from motionwire.bundle import Bundle
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.quality import readouts
from motionwire.offline.order import Item

PICTURES_PER_SECOND, MOST_PICTURES = 8.0, 48
TALL = 2.4  # m that a picture shows, as high as wide
VIEW = np.radians(-35.0)  # where the camera stands, from the character's front to its left
GROUND = 0.1  # share of the picture below the ground


def beside(clip: Path) -> Path:
    """Where a clip's JSON lies."""
    return clip.with_name(f"{clip.name}.json")


def about(item: Item, clip: Clip, bundle: Bundle, fingerprint: str, file: str) -> dict[str, Any]:
    """What the JSON says of a canonical clip."""
    positions = clip.world()[0]
    manifest = bundle.manifest
    return {
        "file": file,
        "sentence": item.sentence,
        "legs": item.legs,
        "seed": item.seed,
        "seconds": round(clip.seconds, 3),
        "bundle": bundle.name,
        "bundle_version": manifest.version,
        "licence": bundle.licence_line,
        "commercial_use": manifest.commercial_use,
        **({"notice": manifest.notice} if manifest.notice else {}),
        "quality": readouts(clip, positions),
        "order": fingerprint,
        "pictures": pictures(clip, positions),
    }


def is_done(clip: Path, item: Item, fingerprint: str) -> bool | None:
    """Whether this very item was made before: None says that the name is free, False that another's clip has it."""
    path = beside(clip)
    try:
        found = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except FileNotFoundError:
        return False if clip.exists() else None
    except (OSError, ValueError, RecursionError):
        return False
    same = found.get("order") == fingerprint and found.get("seed") == item.seed and found.get("legs") == [list(leg) for leg in item.legs]
    if not clip.exists():
        return None
    return same


def pictures(clip: Clip, positions: NDArray[np.floating]) -> str:
    """Stick figures over time as base64 of bytes [n, 22, 2]: across and down a square picture, seen from the first frame's three
    quarters, the camera going along with the pelvis."""
    count = int(np.clip(clip.seconds * PICTURES_PER_SECOND, 2, min(MOST_PICTURES, max(2, len(clip)))))
    frames = np.linspace(0, len(clip) - 1, count).round().astype(int)
    camera = float(rot.yaw_of(clip.rotations[0, 0])) + VIEW
    places = positions[frames] - positions[frames, :1] * np.array([1.0, 0.0, 1.0])
    across = 0.5 + (places[..., 0] * np.cos(camera) - places[..., 2] * np.sin(camera)) / TALL
    down = 1 - GROUND - places[..., 1] / TALL
    values = np.clip(np.stack((across, down), axis=-1) * 255, 0, 255).round().astype(np.uint8)
    return base64.b64encode(values.tobytes()).decode()
