"""Two seeds of a sentence on the reference character, in a scene of another unit and an object that was moved, turned and scaled."""

import bpy
from addon import ARGUMENTS, connect, heads, install, module, save
from mathutils import Matrix

install()
connect()
scene, chosen = bpy.context.scene, bpy.context.scene.motionwire
scene.render.fps = 30
scene.unit_settings.system = "METRIC"
scene.unit_settings.scale_length = ARGUMENTS["metres_per_unit"]
bpy.ops.motionwire.add_reference()
armature = chosen.armature
armature.matrix_world = Matrix(ARGUMENTS["matrix"])
chosen.sentence, chosen.seconds, chosen.seed, chosen.variants = ARGUMENTS["text"], ARGUMENTS["seconds"], ARGUMENTS["seed"], 2
assert bpy.ops.motionwire.generate(count=2) == {"FINISHED"}
takes = [action.name for action in module("takes_operators").made()]
first = armature.animation_data.action.name
joints = module("packed").JOINTS
frames = range(1, round(ARGUMENTS["seconds"] * 30) + 1)
one = heads(armature, joints, frames)
bpy.ops.motionwire.use_take(name=takes[1])
two = heads(armature, joints, frames)
save(one=one, two=two, said={"takes": takes, "first": first, "end": scene.frame_end, "version": bpy.app.version_string})
