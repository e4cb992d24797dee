"""Runs inside Blender, 3.4 or newer, and uses nothing but it: one GLB to FBX or Alembic, or one FBX to GLB.

-- fbx|abc IN.glb OUT FPS FRAMES
-- glb IN.fbx OUT.glb SLOWER

The frames of that GLB have a whole rate; SLOWER is a text file that holds what to divide it by.
"""

import sys
from pathlib import Path

import bpy
import numpy as np

import addon_utils  # isort: skip - the module bpy makes it importable

if "bool" not in vars(np):  # Blender 3.4's add-ons ask for it, and Debian has put that Blender on a numpy that left it out
    np.bool = bool  # type: ignore[misc, assignment]


def main(job: str, source: str, target: str, *numbers: str) -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    for addon in ("io_scene_gltf2", "io_scene_fbx"):
        addon_utils.enable(addon)
    if job == "glb":
        _fbx_to_glb(source, target, Path(numbers[0]))
        return
    if job == "abc" and not bpy.app.build_options.alembic:
        sys.exit("motionwire: this Blender was built without Alembic")
    _open_clip(source, float(numbers[0]), int(numbers[1]), unit=0.01 if job == "fbx" else 1.0)
    if job == "abc":
        bpy.ops.wm.alembic_export(filepath=target, start=0, end=int(numbers[1]) - 1, as_background_job=False)
    else:
        bpy.ops.export_scene.fbx(
            filepath=target,
            object_types={"ARMATURE", "MESH"},
            add_leaf_bones=False,
            use_armature_deform_only=False,
            bake_anim=True,
            bake_anim_use_all_bones=True,
            bake_anim_use_nla_strips=False,
            bake_anim_use_all_actions=False,
            bake_anim_force_startend_keying=True,
            bake_anim_step=1.0,
            bake_anim_simplify_factor=0.0,
        )


def _open_clip(source: str, fps: float, frames: int, unit: float) -> None:
    """The GLB with its first frame at 0, in a scene of its rate and unit (metres): every program takes FBX to be in centimetres."""
    scene = bpy.context.scene
    scene.render.fps = max(1, round(fps))
    scene.unit_settings.scale_length = unit
    bpy.ops.import_scene.gltf(filepath=source, bone_heuristic="BLENDER")
    _divide_frames(scene.render.fps / fps)
    scene.render.fps_base = scene.render.fps / fps
    scene.frame_start, scene.frame_end = 0, frames - 1
    for thing in list(scene.objects):
        if thing.type == "ARMATURE":
            thing.name = "Armature"
        elif thing.find_armature() is None:  # the importer's own shape for bones
            bpy.data.objects.remove(thing)


def _fbx_to_glb(source: str, target: str, slower: Path) -> None:
    bpy.ops.import_scene.fbx(filepath=source, use_anim=True, anim_offset=0.0, ignore_leaf_bones=False)
    render = bpy.context.scene.render
    _divide_frames(render.fps_base)
    slower.write_text(repr(render.fps_base))
    render.fps_base = 1.0
    rigs = [thing for thing in bpy.context.scene.objects if thing.type == "ARMATURE"]
    if not rigs:
        sys.exit("motionwire: holds no skeleton")
    rig = max(rigs, key=lambda thing: len(thing.data.bones))
    action = rig.animation_data.action if rig.animation_data else None
    if action is not None:
        first, last = action.frame_range
        bpy.context.scene.frame_start, bpy.context.scene.frame_end = round(first), round(last)
    keep = {rig} | {thing for thing in bpy.context.scene.objects if thing.find_armature() is rig}
    above = rig
    while above.parent is not None:
        above = above.parent
        keep.add(above)
    for thing in list(bpy.context.scene.objects):
        if thing not in keep:
            bpy.data.objects.remove(thing)
    options = {"export_animation_mode": "ACTIVE_ACTIONS", "export_rest_position_armature": True} if bpy.app.version >= (3, 6) else {}
    bpy.ops.export_scene.gltf(
        filepath=target,
        export_format="GLB",
        export_animations=action is not None,
        export_force_sampling=True,
        export_frame_range=True,
        export_def_bones=False,
        **options,
    )


def _divide_frames(base: float) -> None:
    """Put all keys where their frames are whole: at 23.976 frames a second, which is a scene's 24 divided by its base of 1.001, importers
    put them at seconds * 24. (glTF's multiplies by the base instead, and its exporter, too: both are given scenes whose base is 1.)"""
    for action in bpy.data.actions:
        for curve in _curves(action):
            points = np.empty((len(curve.keyframe_points), 2), np.float32)
            for corner in ("co", "handle_left", "handle_right"):
                curve.keyframe_points.foreach_get(corner, points.ravel())
                points[:, 0] /= base
                curve.keyframe_points.foreach_set(corner, points.ravel())
            curve.update()


def _curves(action: bpy.types.Action) -> list[bpy.types.FCurve]:
    """The curves of an action, which has layers since Blender 4.4 and nothing else since 5.0."""
    if not hasattr(action, "layers"):
        return list(action.fcurves)
    return [curve for layer in action.layers for strip in layer.strips for bag in strip.channelbags for curve in bag.fcurves]


main(*sys.argv[sys.argv.index("--") + 1 :])
