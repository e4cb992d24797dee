"""One training clip as it stands in a shard: KEY.npz with the motion, KEY.json with the labels."""

import io
import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from motionwire.errors import InputError
from motionwire.formats.npy import load_npz
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINTS, canonical

MEMBERS = ("root_positions", "rotations", "offsets", "fps")
MAX_MEMBER_BYTES = 2**28  # of one clip, unpacked; more is no clip but an attack or a mistake


@dataclass(frozen=True, eq=False)
class Sample:
    """A canonical clip and its labels (key, source, subject, licence, licence_class, content, style, description,
    captions, split, fps, frames, mirror_ok)."""

    clip: Clip
    labels: dict[str, Any]


def to_members(sample: Sample) -> dict[str, bytes]:
    """Content of the two files, by suffix. Not compressed: float motion hardly shrinks and reading is what counts."""
    clip = sample.clip
    buffer = io.BytesIO()
    np.savez(
        buffer,
        root_positions=clip.root_positions,
        rotations=clip.rotations,
        offsets=clip.skeleton.offsets,
        fps=np.float64(clip.fps),
    )
    return {"npz": buffer.getvalue(), "json": json.dumps(sample.labels, ensure_ascii=False).encode()}


def from_members(npz: bytes, labels: bytes, where: object) -> Sample:
    """The sample of two files' content; raises InputError for anything that is not one."""
    try:
        parsed = json.loads(labels)
    except (ValueError, RecursionError) as error:
        raise InputError(f"labels cannot be read: {error}", where) from None
    if not isinstance(parsed, dict) or not isinstance(parsed.get("key"), str):
        raise InputError("labels are no object with a key", where)
    loaded = load_npz(npz, str(where), MAX_MEMBER_BYTES)
    lacking = [name for name in MEMBERS if name not in loaded]
    if lacking:
        raise InputError(f"lacks {', '.join(lacking)}", where)
    if any(loaded[name].dtype.kind not in "fiu" for name in MEMBERS):
        raise InputError("holds arrays that are not numbers", where)
    if loaded["offsets"].shape != (JOINTS, 3) or loaded["fps"].size != 1:
        raise InputError(f"offsets {loaded['offsets'].shape} or fps {loaded['fps'].shape} have the wrong shape", where)
    if loaded["rotations"].ndim != 3 or loaded["root_positions"].ndim != 2:
        raise InputError("rotations or root positions have the wrong shape", where)
    roots, rotations = (loaded[name].astype(np.float32) for name in ("root_positions", "rotations"))  # copies: they may be written to
    clip = Clip(canonical(loaded["offsets"]), float(loaded["fps"].item()), roots, rotations, name=str(where))
    return Sample(replace(clip, name=parsed["key"]), parsed)
