"""HumanML3D's joint positions as `.joints.npy` [T, 22, 3], float32, metres, 20 fps (Guo et al. 2022): writing only.

The 22 joints are the canonical ones in their order, Y up. Positions alone do not say how bones are twisted, so such files are not
read as clips.
"""

import io
from pathlib import Path

import numpy as np

from motionwire.errors import InputError
from motionwire.formats.atomic import write_atomically
from motionwire.motion.clip import Clip


def write(clip: Clip, path: str | Path) -> None:
    """Write a canonical clip's joint positions; raises InputError for any other clip."""
    if not clip.skeleton.is_canonical:
        raise InputError("joint positions are written of canonical clips (retarget it first)", clip.name or None)
    stream = io.BytesIO()
    np.save(stream, clip.world()[0].astype(np.float32))
    write_atomically(path, stream.getvalue())
