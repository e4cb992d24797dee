"""USD (Universal Scene Description): reading the first UsdSkel skeleton of a stage and its motion. The writer is usd_writer.py.

The result is in metres, Y up, whatever the stage's own unit and axis. Even time samples are the frames; others are sampled at the
stage's time codes per second. A skeleton without motion gives its rest pose as one frame. Payloads stay unloaded.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.formats.bvh_hierarchy import MAX_JOINTS
from motionwire.formats.keys import frame_rate
from motionwire.formats.numbers import LIMIT
from motionwire.formats.source import read_bytes
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.retarget import UP_TO_Y
from motionwire.motion.skeleton import Skeleton

Array = NDArray[np.floating]

MAX_POSES = 2**24  # frames x joints
FLATTEST = 1e-9  # least scale of a joint


def read(path: str | Path) -> Clip:
    """A USD file's skeleton as a clip in metres; raises InputError."""
    from pxr import Tf, Usd  # noqa: PLC0415 - an optional package that takes long to load

    read_bytes(path)  # says in one line why a file cannot be read
    try:
        stage = Usd.Stage.Open(str(path), Usd.Stage.LoadNone)
        return _clip(stage, str(path))
    except Tf.ErrorException as error:
        raise InputError(f"not a readable USD file: {str(error).strip()[:120]}", path) from None


def _clip(stage: Any, name: str) -> Clip:
    from pxr import Usd, UsdGeom, UsdSkel  # noqa: PLC0415

    prim = next((prim for prim in stage.Traverse() if prim.IsA(UsdSkel.Skeleton)), None)
    if prim is None:
        raise InputError("holds no UsdSkel skeleton", name)
    cache = UsdSkel.Cache()
    above = prim
    while above and not above.IsA(UsdSkel.Root):
        above = above.GetParent()
    if above:
        cache.Populate(UsdSkel.Root(above), Usd.PrimDefaultPredicate)
    for what, value in (("metersPerUnit", UsdGeom.GetStageMetersPerUnit(stage)), ("timeCodesPerSecond", stage.GetTimeCodesPerSecond())):
        if not 1e-6 < value < LIMIT:
            raise InputError(f"{what} is {value}", name)
    query = cache.GetSkelQuery(UsdSkel.Skeleton(prim))
    if not query:
        raise InputError(f"the skeleton {prim.GetPath()} is not valid", name)
    topology = query.GetTopology()
    names = _names(query.GetSkeleton().GetJointNamesAttr().Get(), query.GetJointOrder())
    parents = [topology.GetParent(joint) for joint in range(len(topology))]
    if not 0 < len(parents) <= MAX_JOINTS or parents.count(-1) != 1:
        raise InputError(f"a skeleton of {len(parents)} joints and {parents.count(-1)} roots, not of 1 to {MAX_JOINTS} under one", name)
    motion = query.GetAnimQuery()
    times = _times(stage, np.array(motion.GetJointTransformTimeSamples() if motion else [], dtype=np.float64), len(parents), name)
    scene = UsdGeom.XformCache()

    def pose(time: float, rest: bool) -> Array:
        scene.SetTime(time)
        local = np.array(query.ComputeJointLocalTransforms(time, atRest=rest), dtype=np.float64)
        return _world(local, parents, np.array(scene.GetLocalToWorldTransform(prim)), name)

    worlds, rest = [pose(time, not motion) for time in times], pose(times[0], True)
    upright = UP_TO_Y["z" if UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.z else "y"].astype(np.float64)
    unit = UsdGeom.GetStageMetersPerUnit(stage)
    places, turns = _joints(np.stack(worlds), parents, upright, unit)
    offsets, rest_turns = _joints(rest[None], parents, upright, unit)
    skeleton = Skeleton(tuple(names), tuple(parents), offsets[0], rest=rest_turns[0], metres=True)
    moving = np.abs(places[:, 1:] - skeleton.offsets[1:]).max(initial=0) > 1e-5
    seconds = times / stage.GetTimeCodesPerSecond()
    fps = frame_rate(seconds) or stage.GetTimeCodesPerSecond()
    rotations, places = rot.continuous(turns).astype(np.float32), places.astype(np.float32)
    return Clip(skeleton, fps, places[:, 0], rotations, places if moving else None, Path(name).stem)


def _times(stage: Any, samples: Array, joints: int, name: str) -> Array:
    """Time codes of the clip's frames."""
    times = samples
    if len(samples) > 1 and frame_rate(samples / stage.GetTimeCodesPerSecond()) is None:
        if not samples[-1] - samples[0] < MAX_POSES:
            raise InputError("its time samples reach too far", name)
        times = np.arange(samples[0], samples[-1] + 1e-6)
    if len(times) * joints > MAX_POSES:
        raise InputError(f"{len(times)} frames of {joints} joints are more than {MAX_POSES} poses", name)
    return times if len(times) else np.zeros(1)


def _names(joint_names: Any, paths: Any) -> list[str]:
    """Joint names: those the file gives, else the last word of each path, else the whole path where words repeat."""
    given = [str(name) for name in joint_names] if joint_names else []
    words = [str(path).rpartition("/")[2] for path in paths]
    for names in (given, words):
        if len(names) == len(words) == len(set(names)):
            return names
    return [str(path) for path in paths]


def _world(local: Array, parents: list[int], above: Array, name: str) -> Array:
    """World matrices [J, 4, 4] (row vectors) of local ones under the skeleton's own transform."""
    if local.shape != (len(parents), 4, 4) or not (np.abs(local) <= LIMIT).all() or not (np.abs(above) <= LIMIT).all():
        raise InputError("its joints' transforms are not finite matrices", name)
    world = np.empty_like(local)
    for joint, parent in enumerate(parents):
        world[joint] = local[joint] @ (world[parent] if parent >= 0 else above)
    if not (np.linalg.norm(world[:, :3, :3], axis=-1) > FLATTEST).all():
        raise InputError("a joint's transform is flat", name)
    return world


def _joints(world: Array, parents: list[int], upright: Array, unit: float) -> tuple[Array, Array]:
    """Local translations [T, J, 3] in metres (the root's in the world) and rotations [T, J, 4], Y up; scales go into the translations."""
    places = rot.rotate(upright, world[:, :, 3, :3]) * unit
    axes = world[:, :, :3, :3].transpose(0, 1, 3, 2)
    turned = rot.from_matrix(axes / np.linalg.norm(axes, axis=-2, keepdims=True))
    turns = rot.multiply(np.broadcast_to(upright, turned.shape), turned)
    local, moved = turns.copy(), places.copy()
    for joint, parent in enumerate(parents):
        if parent >= 0:
            back = rot.inverse(turns[:, parent])
            local[:, joint] = rot.multiply(back, turns[:, joint])
            moved[:, joint] = rot.rotate(back, places[:, joint] - places[:, parent])
    return moved, local
