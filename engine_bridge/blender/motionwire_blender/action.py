"""A retargeted pose as keys of an Action, and as the pose of the moment."""

import bpy
import numpy as np
from mathutils import Euler, Matrix, Quaternion

from . import rigify
from . import rotations as rot

AT_REST = Matrix.Identity(4)
LINEAR = 1  # number of the interpolation among those of a keyframe
CHANNELS = {"QUATERNION": "rotation_quaternion", "AXIS_ANGLE": "rotation_axis_angle"}  # others: rotation_euler


def write(armature, name, rig, pose, first):
    """A new Action of an armature object, in use by it; a key per frame from frame `first` on, linear between them."""
    action = bpy.data.actions.new(name)
    action.use_fake_user = True  # a variant stays when another one is chosen
    curves = _curves(action, armature)
    bones = [armature.pose.bones[rig.names[index]] for index in pose.bones]
    for index, bone, turns in zip(pose.bones, bones, pose.rotations.swapaxes(0, 1), strict=True):
        if index in pose.between and bone.matrix_basis == AT_REST:
            continue
        path = bone.path_from_id(CHANNELS.get(bone.rotation_mode, "rotation_euler"))
        for axis, values in enumerate(_values(rot.continuous(turns), bone.rotation_mode).T):
            _fill(curves(path, axis, bone.name), first, values)
    for axis, values in enumerate(pose.location.T):
        _fill(curves(bones[0].path_from_id("location"), axis, bones[0].name), first, values)
    for bone, key, value in rigify.switches(armature):
        _fill(curves(f'{bone.path_from_id()}["{key}"]', 0, bone.name), first, np.array([value]))
    assign(armature, action)
    return action


def assign(armature, action):
    """Let an armature play an Action; the one that it played is kept, which Blender would not save once nothing plays it."""
    data = armature.animation_data or armature.animation_data_create()
    if data.action is not None and data.action != action:
        data.action.use_fake_user = True
    data.action = action
    if hasattr(action, "slots") and data.action_slot is None and action.slots:  # Blender 4.4 and later
        data.action_slot = action.slots[0]


def show(armature, rig, pose):
    """Set an armature to the first frame of a pose, without keys."""
    bones = armature.pose.bones
    for column, index in enumerate(pose.bones):
        x, y, z, w = pose.rotations[0, column].tolist()
        bone = bones[rig.names[index]]
        matrix = Quaternion((w, x, y, z)).to_matrix().to_4x4()
        matrix.translation = bone.location if column else pose.location[0].tolist()
        bone.matrix_basis = matrix


def _curves(action, armature):
    """A function (data path, index, group) -> new F-curve."""
    if not hasattr(action, "slots"):
        return lambda path, axis, group: action.fcurves.new(path, index=axis, action_group=group)
    slot = action.slots.new("OBJECT", armature.name)  # Blender 4.4 and later
    strip = action.layers.new("Motionwire").strips.new(type="KEYFRAME")
    bag = strip.channelbag(slot, ensure=True)

    def curve(path, axis, group):
        made = bag.fcurves.new(path, index=axis)
        made.group = bag.groups.get(group) or bag.groups.new(group)
        return made

    return curve


def _fill(curve, first, values):
    """A key a frame; one where nothing changes."""
    values = values[:1] if np.ptp(values) == 0 else values
    points = curve.keyframe_points
    points.add(len(values))
    points.foreach_set("co", np.column_stack((first + np.arange(len(values)), values)).astype(np.float32).ravel())
    points.foreach_set("interpolation", np.full(len(values), LINEAR, np.int32))
    curve.update()


def _values(quaternions, mode):
    """Rotations [T, 4] (xyzw) as a bone of this rotation mode holds them [T, n]."""
    if mode == "QUATERNION":
        return quaternions[:, [3, 0, 1, 2]]
    turns = [Quaternion((w, x, y, z)) for x, y, z, w in quaternions.tolist()]
    if mode == "AXIS_ANGLE":
        return np.array([(angle, *axis) for axis, angle in (turn.to_axis_angle() for turn in turns)])
    last, angles = Euler((0, 0, 0), mode), []
    for turn in turns:
        last = turn.to_euler(mode, last)
        angles.append(tuple(last))
    return np.array(angles)
