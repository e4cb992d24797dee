"""The last seconds that the page showed, as a file: unevenly timed frames become a clip of 60 frames a second."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.formats import bvh_writer
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import Skeleton

FPS = 60.0
MAX_SECONDS = 60.0
MAX_FRAMES = 15_000
NAME = "recording"


class Recording(msgspec.Struct, forbid_unknown_fields=True):
    """What the page sends as MessagePack, little-endian. times: float64 [T] in s, growing; poses: float32 [T, 3 + 4 J], root position and
    local quaternions as on the wire."""

    times: bytes
    poses: bytes


_decoder = msgspec.msgpack.Decoder(Recording)


def to_bvh(body: bytes, skeleton: Skeleton) -> bytes:
    """A recording as BVH; raises InputError for anything else."""
    return bvh_writer.to_bytes(to_clip(body, skeleton))


def to_clip(body: bytes, skeleton: Skeleton) -> Clip:
    """A recording as a clip on this skeleton, read at even times; raises InputError for anything else."""
    try:
        sent = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(f"not a recording: {error}", NAME) from None
    width = 3 + 4 * len(skeleton)
    frames = len(sent.times) // 8
    if not 2 <= frames <= MAX_FRAMES or len(sent.times) != 8 * frames or len(sent.poses) != 4 * width * frames:
        raise InputError(f"2 to {MAX_FRAMES} times and as many poses of {width} numbers expected", NAME)
    times = np.frombuffer(sent.times, "<f8")
    poses = np.frombuffer(sent.poses, "<f4").reshape(frames, width).astype(np.float64)
    if not np.isfinite(times).all() or (np.diff(times) <= 0).any() or times[-1] - times[0] > MAX_SECONDS:
        raise InputError(f"times must grow, over {MAX_SECONDS:g} s at most", NAME)
    rotations = poses[:, 3:].reshape(frames, len(skeleton), 4)
    if not np.isfinite(poses).all() or (np.linalg.norm(rotations, axis=-1) < 0.5).any():
        raise InputError("a pose holds NaN, infinity or no rotation", NAME)
    return _even(skeleton, times - times[0], poses[:, :3], rot.normalize(rotations))


def _even(skeleton: Skeleton, times: NDArray[np.float64], roots: NDArray[np.float64], rotations: NDArray[np.floating]) -> Clip:
    wanted = np.arange(int(times[-1] * FPS + 1e-6) + 1) / FPS
    after = np.clip(np.searchsorted(times, wanted, side="right"), 1, len(times) - 1)
    before = after - 1
    weight = np.clip((wanted - times[before]) / (times[after] - times[before]), 0, 1)[:, None]
    root = roots[before] * (1 - weight) + roots[after] * weight
    turned = rot.slerp(rotations[before], rotations[after], np.broadcast_to(weight, (len(wanted), len(skeleton))))
    return Clip(skeleton, FPS, root.astype(np.float32), turned.astype(np.float32), name=NAME)
