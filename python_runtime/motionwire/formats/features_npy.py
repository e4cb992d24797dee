"""MotionMillion's 272-dimensional features as `.npy` [T, 272], float32, 30 fps: what text-to-motion research reads and writes.

Layout and meaning: motion/features.py. Contacts as the four channels 272:276 are read over. A file has neither a frame rate nor
a start: the rate is 30 fps by definition, and a clip starts at the origin facing +Z.
"""

import io
from pathlib import Path

import numpy as np

from motionwire.errors import InputError
from motionwire.formats.atomic import write_atomically
from motionwire.formats.npy import load_npy
from motionwire.formats.source import read_bytes
from motionwire.motion import features
from motionwire.motion.clip import Clip

FPS = features.FPS


def read(path: str | Path) -> Clip:
    """The canonical clip of a features file; raises InputError."""
    array = load_npy(read_bytes(path), str(path))
    if array.dtype.kind != "f" or array.ndim != 2:
        raise InputError(f"holds {array.dtype} of shape {array.shape}, not features [frames, {features.MOTIONMILLION_DIM}]", path)
    try:
        return features.decode(array, name=Path(path).stem)
    except InputError as error:
        raise InputError(str(error).removeprefix(f"{Path(path).stem}: "), path) from None


def write(clip: Clip, path: str | Path) -> None:
    """Write a canonical clip at 30 fps; where it starts and which way it faces then is not kept."""
    stream = io.BytesIO()
    np.save(stream, features.encode(clip)[:, : features.MOTIONMILLION_DIM])
    write_atomically(path, stream.getvalue())
