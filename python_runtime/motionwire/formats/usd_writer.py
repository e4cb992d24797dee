"""USD (Universal Scene Description): writing, with UsdSkel. The reader is usd.py; both need `usd-core` (extra `usd`).

    /Clip           SkelRoot, the default prim
    /Clip/Skeleton  joints, bind and rest transforms
    /Clip/Motion    SkelAnimation, a sample in every frame; time codes are frames, from 0
    /Clip/Body      capsules, skinned rigidly

Metres, Y up. `.usda` is text, `.usdc` and `.usd` are binary.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.formats.atomic import written_elsewhere
from motionwire.formats.body import body_of
from motionwire.motion import rotations as rot
from motionwire.motion.aligned import rest_world
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import Skeleton

COLOUR = (0.55, 0.62, 0.70)


def write(clip: Clip, path: str | Path) -> None:
    """Write a clip in metres as USD; raises InputError for a clip whose unit is not known or where the file cannot be written."""
    from pxr import Tf  # noqa: PLC0415 - an optional package that takes long to load

    stage = stage_of(clip)
    with written_elsewhere(path) as temporary:
        try:
            stage.GetRootLayer().Export(str(temporary))
        except Tf.ErrorException:
            raise InputError("cannot write: the USD library could not save it (is the disk full?)", path) from None


def stage_of(clip: Clip) -> Any:
    """The clip as a stage in memory (`Usd.Stage`)."""
    from pxr import Sdf, Usd, UsdGeom, UsdSkel  # noqa: PLC0415

    if not clip.skeleton.in_metres:
        raise InputError("the clip's unit is not known (retarget it first)", clip.name or None)
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetStartTimeCode(0)
    stage.SetEndTimeCode(len(clip) - 1)
    stage.SetTimeCodesPerSecond(clip.fps)
    stage.SetFramesPerSecond(clip.fps)
    root = UsdSkel.Root.Define(stage, "/Clip")
    stage.SetDefaultPrim(root.GetPrim())
    root.GetPrim().SetDocumentation(clip.name)
    paths = joint_paths(clip.skeleton)
    skeleton = UsdSkel.Skeleton.Define(stage, "/Clip/Skeleton")
    animation = UsdSkel.Animation.Define(stage, "/Clip/Motion")
    _add_skeleton(skeleton, clip.skeleton, paths)
    _add_motion(animation, clip, paths)
    binding = UsdSkel.BindingAPI.Apply(skeleton.GetPrim())
    binding.CreateAnimationSourceRel().SetTargets([animation.GetPrim().GetPath()])
    mesh = UsdGeom.Mesh.Define(stage, Sdf.Path("/Clip/Body"))
    _add_body(mesh, clip.skeleton)
    UsdSkel.BindingAPI(mesh).CreateSkeletonRel().SetTargets([skeleton.GetPrim().GetPath()])
    return stage


def joint_paths(skeleton: Skeleton) -> list[str]:
    """USD names joints by their way from the root; names in it keep letters, digits and underscores only."""
    paths: list[str] = []
    for joint, parent in enumerate(skeleton.parents):
        name = "".join(char if char.isascii() and (char.isalnum() or char == "_") else "_" for char in skeleton.names[joint])
        name = name if name and not name[0].isdigit() else f"_{name}"
        path = f"{paths[parent]}/{name}" if parent >= 0 else name
        paths.append(path if path not in paths else f"{path}_{joint}")
    return paths


def _add_skeleton(prim: Any, skeleton: Skeleton, paths: list[str]) -> None:
    from pxr import Vt  # noqa: PLC0415

    prim.CreateJointsAttr(paths)
    prim.CreateJointNamesAttr(list(skeleton.names))
    prim.CreateRestTransformsAttr(Vt.Matrix4dArray.FromNumpy(_matrices(skeleton.offsets, skeleton.rest)))
    prim.CreateBindTransformsAttr(Vt.Matrix4dArray.FromNumpy(_matrices(*rest_world(skeleton))))


def _matrices(positions: NDArray[np.floating], rotations: NDArray[np.floating]) -> NDArray[np.float64]:
    """USD's row-vector matrices [J, 4, 4]."""
    matrices = np.tile(np.eye(4), (len(positions), 1, 1))
    matrices[:, :3, :3] = rot.to_matrix(rot.normalize(rotations.astype(np.float64))).transpose(0, 2, 1)
    matrices[:, 3, :3] = positions
    return matrices


def _add_motion(prim: Any, clip: Clip, paths: list[str]) -> None:
    from pxr import Gf, Vt  # noqa: PLC0415

    prim.CreateJointsAttr(paths)
    moving = np.tile(clip.skeleton.offsets, (len(clip), 1, 1)) if clip.translations is None else clip.translations.copy()
    moving[:, 0] = clip.root_positions
    rotations = rot.continuous(clip.rotations)
    turns, places = prim.CreateRotationsAttr(), prim.CreateTranslationsAttr()
    prim.CreateScalesAttr(Vt.Vec3hArray(len(paths), Gf.Vec3h(1, 1, 1)))
    for frame in range(len(clip)):
        turns.Set(Vt.QuatfArray.FromNumpy(rotations[frame]), frame)
        places.Set(Vt.Vec3fArray.FromNumpy(moving[frame]), frame)


def _add_body(mesh: Any, skeleton: Skeleton) -> None:
    from pxr import Gf, UsdGeom, UsdSkel, Vt  # noqa: PLC0415

    body = body_of(skeleton)
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(body.positions))
    mesh.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(body.normals))
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray(len(body.triangles), 3))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(body.triangles.astype(np.int32).reshape(-1)))
    mesh.CreateExtentAttr([Gf.Vec3f(*edge(axis=0).tolist()) for edge in (body.positions.min, body.positions.max)])
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateDisplayColorAttr([Gf.Vec3f(*COLOUR)])
    binding = UsdSkel.BindingAPI.Apply(mesh.GetPrim())
    binding.CreateJointIndicesPrimvar(False, 1).Set(Vt.IntArray.FromNumpy(body.joints.astype(np.int32)))
    binding.CreateJointWeightsPrimvar(False, 1).Set(Vt.FloatArray(len(body.joints), 1.0))
    binding.CreateGeomBindTransformAttr(Gf.Matrix4d(1.0))
