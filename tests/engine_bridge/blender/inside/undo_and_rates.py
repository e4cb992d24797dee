"""Undo and redo of a generated clip, another frame rate, a start in the middle, and an armature that plays something else already."""

import bpy
from addon import ARGUMENTS, connect, curves_of, heads, install, module, save

install()
connect()
scene, chosen = bpy.context.scene, bpy.context.scene.motionwire
scene.render.fps = 24
bpy.ops.motionwire.add_reference()
armature = chosen.armature
armature.animation_data_create().action = bpy.data.actions.new("before")
chosen.sentence, chosen.seconds, chosen.seed = ARGUMENTS["text"], ARGUMENTS["seconds"], ARGUMENTS["seed"]
scene.frame_set(11)
scene.frame_end = 20
bpy.ops.ed.undo_push(message="before")
bpy.ops.motionwire.generate("EXEC_DEFAULT", True)
said = {"made": armature.animation_data.action.name, "end": scene.frame_end}
joints = module("packed").JOINTS
places = heads(armature, joints, range(11, scene.frame_end + 1))
said["keys"] = sorted({len(curve.keyframe_points) for curve in curves_of(armature.animation_data.action)})
bpy.ops.ed.undo()
scene = bpy.context.scene
said["undone"] = [action.name for action in bpy.data.actions], scene.motionwire.armature.animation_data.action.name, scene.frame_end
bpy.ops.ed.redo()
said["redone"] = bpy.context.scene.motionwire.armature.animation_data.action.name
save(said=said, places=places)
