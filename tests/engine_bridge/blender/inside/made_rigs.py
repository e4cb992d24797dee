"""Inside Blender: armatures of other makes, built from the reference figure so that the test knows how each of them stands.

A rest pose is the T-pose with `swing` [22, 3, 3] applied joint by joint from the root; `axes` takes canonical axes to the armature's.
"""

import bpy
import numpy as np
from addon import module
from mathutils import Vector


def make(name, names, swing, axes, unit, legs, random, extra=(), order=None):
    """An armature object. names: joint -> bone name, joints left out are skipped; unit: armature units per metre; legs: how many times
    as long as the reference's; extra: (name, parent, child, fraction) of bones on the way, the child hangs on them if it is not "";
    order: rotation modes by bone."""
    packed = module("packed")
    joints, parents = packed.JOINTS, packed.PARENTS
    offsets = packed.REFERENCE.copy()
    offsets[[joints.index(f"{side}_{joint}") for side in ("left", "right") for joint in ("knee", "ankle", "foot")]] *= legs
    offsets[0, 1] += (legs - 1) * 0.86
    places, turned = np.zeros((22, 3)), [np.eye(3)] * 22
    for joint, parent in enumerate(parents):
        places[joint] = offsets[joint] if parent < 0 else places[parent] + turned[parent] @ offsets[joint]
        turned[joint] = swing[joint] if parent < 0 else turned[parent] @ swing[joint]
    places = {joint: Vector((np.array(axes) @ place * unit).tolist()) for joint, place in zip(joints, places, strict=True)}
    armature = bpy.data.objects.new(name, bpy.data.armatures.new(name))
    bpy.context.collection.objects.link(armature)
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    bones = armature.data.edit_bones
    for joint, parent in zip(joints, parents, strict=True):
        held = parent
        while held >= 0 and joints[held] not in names:
            held = parents[held]
        if joint in names:
            _bone(bones, names[joint], places[joint], names[joints[held]] if held >= 0 else None, unit, random)
    for bone, parent, child, fraction in extra:
        start = bones[parent].head if parent else Vector()
        _bone(bones, bone, start.lerp(bones[child].head, fraction) if parent else start, parent, unit, random)
        if parent is None or bone.endswith("between"):
            bones[child].parent = bones[bone]
    bpy.ops.object.mode_set(mode="OBJECT")
    for bone, mode in (order or {}).items():
        armature.pose.bones[bone].rotation_mode = mode
    return armature


def _bone(bones, name, head, parent, unit, random):
    """A bone that points anywhere and is rolled anyhow."""
    bone = bones.new(name)
    bone.head = head
    bone.tail = head + Vector(random.normal(size=3)).normalized() * 0.1 * unit
    bone.roll = random.uniform(-np.pi, np.pi)
    bone.parent = bones[parent] if parent else None
