"""NPZ clips: the interchange arrays (interchange.py) plus what makes our own round trip whole.

    rot6d [T, N, 6], angvel [T, N, 3], root_yaw [T], root_vel [T, 2], soft_contacts [T, 2]      the interchange keys
    fps, names [N], parents [N], offsets [N, 3], root_positions [T, 3]                          ours, each optional to read

angvel is the local rotations' angular velocity in rad/s in the parent's frame (the root's in the world's); it follows from rot6d
and is not read back. A file without fps counts as 60 (the JSON clip's rate); without names, parents and offsets the skeleton
comes from the JSON files beside it (hierarchy_json.py) or is the canonical one; without root_positions the root starts at the
origin, and its height comes from the contacts.
"""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.formats import interchange
from motionwire.formats.atomic import write_atomically
from motionwire.formats.bvh_hierarchy import MAX_JOINTS
from motionwire.formats.hierarchy_json import read_skeleton
from motionwire.formats.npy import load_npz
from motionwire.formats.numbers import LIMIT
from motionwire.formats.source import read_bytes
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import Skeleton

DEFAULT_FPS = 60.0


def read(path: str | Path) -> Clip:
    """An NPZ clip; its own skeleton comes before the files beside it. Raises InputError."""
    path = Path(path)
    data = read_bytes(path)
    return parse(data, str(path), read_skeleton(path))


def parse(data: bytes, name: str, skeleton: Skeleton | None = None) -> Clip:
    """The bytes of an NPZ clip; `name` stands in messages, `skeleton` is used where the file holds none."""
    arrays = load_npz(data, name)
    rot6d = _floats(arrays, "rot6d", (None, None, 6), name)
    frames = len(rot6d)
    content = interchange.Interchange(
        fps=interchange.checked_fps(float(_floats(arrays, "fps", (), name)), name) if "fps" in arrays else DEFAULT_FPS,
        root_yaw=_floats(arrays, "root_yaw", (frames,), name),
        root_velocity=_floats(arrays, "root_vel", (frames, 2), name),
        rotations_6d=rot6d,
        soft_contacts=_floats(arrays, "soft_contacts", (frames, 2), name),
    )
    if {"names", "parents", "offsets"} & arrays.keys():
        skeleton = _skeleton(arrays, name)
    positions = _floats(arrays, "root_positions", (frames, 3), name) if "root_positions" in arrays else None
    return interchange.to_clip(content, skeleton, Path(name).stem, name, positions)


def write(clip: Clip, path: str | Path) -> None:
    """Write a canonical clip; reading it gives the same clip up to float32 rounding."""
    write_atomically(path, to_bytes(clip))


def to_bytes(clip: Clip) -> bytes:
    """A canonical clip as the bytes of an NPZ file; raises InputError for any other clip."""
    content = interchange.from_clip(clip)
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        rot6d=content.rotations_6d.astype(np.float32),
        angvel=rot.angular_velocity(clip.rotations.astype(np.float64), clip.fps).astype(np.float32),
        root_yaw=content.root_yaw.astype(np.float32),
        root_vel=content.root_velocity.astype(np.float32),
        soft_contacts=content.soft_contacts.astype(np.float32),
        fps=np.float64(clip.fps),
        names=np.array(clip.skeleton.names),
        parents=np.array(clip.skeleton.parents, dtype=np.int32),
        offsets=clip.skeleton.offsets,
        root_positions=clip.root_positions,
    )
    return stream.getvalue()


def _member(arrays: dict[str, NDArray], key: str, kinds: str, shape: tuple[int | None, ...], name: str) -> NDArray:
    if key not in arrays:
        raise InputError(f"no member {key!r}", name)
    array = arrays[key]
    fits = array.ndim == len(shape) and all(want in (None, got) for want, got in zip(shape, array.shape, strict=True))
    if array.dtype.kind not in kinds or not fits:
        wanted = ", ".join("any" if want is None else str(want) for want in shape)
        raise InputError(f"member {key!r} is {array.dtype} of shape {array.shape}, expected shape ({wanted})", name)
    return array


def _floats(arrays: dict[str, NDArray], key: str, shape: tuple[int | None, ...], name: str) -> NDArray[np.float64]:
    array = _member(arrays, key, "fiu", shape, name).astype(np.float64)
    if not np.all(np.abs(array) <= LIMIT):
        raise InputError(f"member {key!r} holds NaN, infinity or values beyond 1e9", name)
    return array


def _skeleton(arrays: dict[str, NDArray], name: str) -> Skeleton:
    names = tuple(map(str, _member(arrays, "names", "U", (None,), name).tolist()))
    if len(names) > MAX_JOINTS:
        raise InputError(f"more than {MAX_JOINTS} joints", name)
    parents = tuple(map(int, _member(arrays, "parents", "iu", (len(names),), name).tolist()))
    try:
        return Skeleton(names, parents, _floats(arrays, "offsets", (len(names), 3), name).astype(np.float32))
    except InputError as error:
        raise InputError(str(error).removeprefix(f"{name}: "), name) from None
