"""The reference character: an armature of the 22 canonical joints under the names they have on the wire, in a capsule skin."""

import bpy
import numpy as np
from mathutils import Vector

from .packed import JOINTS, PARENTS

TO_BLENDER = np.array(((1, 0, 0), (0, 0, -1), (0, 1, 0)))  # canonical axes to Blender's: Z up, facing -Y
# The joint at a bone's other end where several hang on it.
MAIN_CHILD = {"pelvis": "spine1", "spine3": "neck"}
TIPS = {  # bones at whose end no joint is: direction in canonical axes, length in m
    "head": ((0, 1, 0), 0.17), "left_wrist": ((1, 0, 0), 0.16), "right_wrist": ((-1, 0, 0), 0.16),
    "left_foot": ((0, 0, 1), 0.07), "right_foot": ((0, 0, 1), 0.07),
}  # fmt: skip
RADII = {  # of a bone's capsule, m
    "pelvis": 0.115, "spine1": 0.11, "spine2": 0.12, "spine3": 0.12, "neck": 0.05, "head": 0.095, "hip": 0.075, "knee": 0.055,
    "ankle": 0.04, "foot": 0.035, "collar": 0.05, "shoulder": 0.05, "elbow": 0.04, "wrist": 0.035,
}  # fmt: skip
AROUND, CAP = 12, 4  # vertices around a capsule, rings of each of its caps
SKIN = (0.35, 0.55, 0.75, 1.0)


def add(context, offsets, unit):
    """A new armature object with its skin. offsets [22, 3]: the joints' rest offsets in m, canonical axes; unit: m per Blender unit."""
    places = np.zeros((len(JOINTS), 3))
    for joint, parent in enumerate(PARENTS):
        places[joint] = offsets[joint] + (places[parent] if parent >= 0 else 0)
    heads = [Vector(place) for place in (places @ TO_BLENDER.T / unit).tolist()]
    tails = [_tail(joint, heads, unit) for joint in range(len(JOINTS))]
    armature = bpy.data.objects.new("Motionwire", bpy.data.armatures.new("Motionwire"))
    context.collection.objects.link(armature)
    armature.location = context.scene.cursor.location
    _bones(context, armature, heads, tails)
    _skin(context, armature, heads, tails, unit)
    return armature


def _tail(joint, heads, unit):
    name = JOINTS[joint]
    if name in TIPS:
        direction, length = TIPS[name]
        return heads[joint] + Vector((TO_BLENDER @ direction * length / unit).tolist())
    child = JOINTS.index(MAIN_CHILD[name]) if name in MAIN_CHILD else PARENTS.index(joint)
    return heads[child]


def _bones(context, armature, heads, tails):
    """The bones; they can only be made in edit mode."""
    for chosen in context.selected_objects:
        chosen.select_set(False)
    context.view_layer.objects.active = armature
    armature.select_set(True)
    bpy.ops.object.mode_set(mode="EDIT")
    bones = [armature.data.edit_bones.new(name) for name in JOINTS]
    for joint, (bone, parent) in enumerate(zip(bones, PARENTS, strict=True)):
        bone.head, bone.tail = heads[joint], tails[joint]
        bone.parent = bones[parent] if parent >= 0 else None
    bpy.ops.object.mode_set(mode="OBJECT")


def _skin(context, armature, heads, tails, unit):
    """A capsule around each bone, held by it."""
    vertices, faces, owners = [], [], []
    for joint, name in enumerate(JOINTS):
        radius = RADII[name.split("_")[-1]] / unit
        points, sides = _capsule(heads[joint], tails[joint], radius)
        faces += [[index + len(vertices) for index in side] for side in sides]
        vertices += points
        owners += [name] * len(points)
    mesh = bpy.data.meshes.new("Motionwire skin")
    mesh.from_pydata(vertices, [], faces)
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    material = bpy.data.materials.new("Motionwire skin")
    material.diffuse_color = SKIN
    mesh.materials.append(material)
    skin = bpy.data.objects.new("Motionwire skin", mesh)
    context.collection.objects.link(skin)
    skin.parent = armature
    for name in JOINTS:
        skin.vertex_groups.new(name=name).add([index for index, owner in enumerate(owners) if owner == name], 1.0, "REPLACE")
    skin.modifiers.new("Armature", "ARMATURE").object = armature


def _capsule(start, end, radius):
    """(vertices, faces) of a capsule between two points."""
    along = (end - start).normalized()
    turn = Vector((0, 0, 1)).rotation_difference(along).to_matrix()
    rings = []
    for cap, centre in ((-1, start), (1, end)):
        for ring in range(CAP + 1):
            angle = np.pi / 2 * (ring / CAP if cap > 0 else 1 - ring / CAP)
            rings.append((centre + along * (cap * radius * np.sin(angle)), max(radius * np.cos(angle), radius * 1e-3)))
    circle = [Vector((np.cos(2 * np.pi * k / AROUND), np.sin(2 * np.pi * k / AROUND), 0)) for k in range(AROUND)]
    vertices = [centre + turn @ (point * size) for centre, size in rings for point in circle]
    faces = [
        (ring * AROUND + k, ring * AROUND + (k + 1) % AROUND, (ring + 1) * AROUND + (k + 1) % AROUND, (ring + 1) * AROUND + k)
        for ring in range(len(rings) - 1)
        for k in range(AROUND)
    ]
    return vertices, faces
