"""Rigify's own human: the metarig, and the control rig that Rigify generates from it; where their limbs are, frame by frame."""

import bpy
import numpy as np
from addon import ARGUMENTS, connect, curves_of, install, module, save

install()
bpy.ops.preferences.addon_enable(module="rigify")
connect()
scene, chosen = bpy.context.scene, bpy.context.scene.motionwire
scene.render.fps = 30
chosen.sentence, chosen.seconds, chosen.seed = ARGUMENTS["text"], ARGUMENTS["seconds"], ARGUMENTS["seed"]
bpy.ops.object.armature_basic_human_metarig_add()
metarig = bpy.context.object
bpy.ops.pose.rigify_generate()
control = bpy.context.object
assert control is not metarig
names = module("rigs").RIGS["rigify"]
limbs = [joint for joint in names if joint.split("_")[-1] in ("hip", "knee", "ankle", "foot", "shoulder", "elbow", "wrist")]
found, said = {}, {}
for kind, armature, prefix in (("metarig", metarig, ""), ("control", control, "DEF-")):
    chosen.armature = armature
    scene.frame_set(1)
    assert bpy.ops.motionwire.generate() == {"FINISHED"}
    bones = [prefix + names[joint][0][0] for joint in limbs]
    trunk = [prefix + names[joint][0][0] for joint in ("pelvis", "spine3", "head")]
    found[kind] = np.zeros((round(ARGUMENTS["seconds"] * 30), len(bones), 3))
    found[f"{kind}_trunk"] = np.zeros((len(found[kind]), len(trunk), 3, 3))
    for row in range(len(found[kind])):
        scene.frame_set(row + 1)
        evaluated = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found[kind][row] = [evaluated.pose.bones[bone].head for bone in bones]
        turned = [np.array(evaluated.pose.bones[bone].matrix.to_3x3().normalized()) for bone in trunk]
        rest = [np.array(armature.data.bones[bone].matrix_local.to_3x3()) for bone in trunk]
        found[f"{kind}_trunk"][row] = [now @ before.T for now, before in zip(turned, rest, strict=True)]
    said[kind] = sorted({curve.data_path.split('"')[1] for curve in curves_of(armature.animation_data.action)})
if "save" in ARGUMENTS:
    bpy.ops.wm.save_as_mainfile(filepath=ARGUMENTS["save"])
save(said={"keyed": said, "limbs": limbs}, **found)
