"""Runs inside Blender: opens each file of a list with Blender's own importers and notes where every bone is in every frame.

-- JOBS.json RESULT.json, the first a list of {"path", "fps"}; positions are canonical (metres, Y up), bone heads by name.
"""

import json
import sys
from pathlib import Path

import bpy

import addon_utils  # isort: skip - the module bpy makes it importable


def open_file(path, fps):
    scene = bpy.context.scene
    kind = Path(path).suffix
    if kind in (".glb", ".abc"):  # keys are in seconds
        scene.render.fps = fps
    if kind == ".glb":
        bpy.ops.import_scene.gltf(filepath=path)
    elif kind == ".fbx":
        bpy.ops.import_scene.fbx(filepath=path, anim_offset=0.0)
    elif kind == ".bvh":
        bpy.ops.import_anim.bvh(filepath=path, global_scale=0.01, frame_start=0, update_scene_fps=True, update_scene_duration=True)
    elif kind == ".abc":
        bpy.ops.wm.alembic_import(filepath=path, as_background_job=False)
    else:
        bpy.ops.wm.usd_import(filepath=path)


def positions():
    """Canonical positions of the bones of the one armature, or of the vertices of the one mesh."""
    rigs = [thing for thing in bpy.context.scene.objects if thing.type == "ARMATURE"]
    if rigs:
        (rig,) = rigs
        points = {bone.name: rig.matrix_world @ bone.head for bone in rig.pose.bones}
    else:
        (thing,) = [thing for thing in bpy.context.scene.objects if thing.type == "MESH"]
        shown = thing.evaluated_get(bpy.context.evaluated_depsgraph_get())
        points = {str(vertex.index): shown.matrix_world @ vertex.co for vertex in shown.data.vertices}
    return {name: (point.x, point.z, -point.y) for name, point in points.items()}


def frame_range():
    """First and last frame of the motion; Blender lays BVH clips from the frame after the one asked for."""
    ranges = [action.frame_range for action in bpy.data.actions] or [(bpy.context.scene.frame_start, bpy.context.scene.frame_end)]
    return round(min(first for first, _ in ranges)), round(max(last for _, last in ranges))


results = []
jobs, target = sys.argv[sys.argv.index("--") + 1 :]
for job in json.loads(Path(jobs).read_text()):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    for addon in ("io_scene_gltf2", "io_scene_fbx", "io_anim_bvh"):
        addon_utils.enable(addon)
    open_file(job["path"], job["fps"])
    scene = bpy.context.scene
    frames = []
    first, last = frame_range()
    for frame in range(first, last + 1):
        scene.frame_set(frame)
        frames.append(positions())
    names = sorted(frames[0])
    meshes = sum(thing.type == "MESH" and thing.find_armature() is not None for thing in scene.objects)
    results.append(
        {
            "fps": scene.render.fps / scene.render.fps_base,
            "names": names,
            "meshes": meshes,
            "positions": [[frame[name] for name in names] for frame in frames],
        }
    )
Path(target).write_text(json.dumps(results))
