"""One sentence on armatures of other makes, all in one scene; where their bones are and how they are turned, frame by frame."""

import bpy
import numpy as np
from addon import ARGUMENTS, connect, install, module, save
from made_rigs import make
from mathutils import Matrix

install()
connect()
scene, chosen = bpy.context.scene, bpy.context.scene.motionwire
scene.render.fps = 30
chosen.sentence, chosen.seconds, chosen.seed = ARGUMENTS["text"], ARGUMENTS["seconds"], ARGUMENTS["seed"]
RIGS = module("rigs").RIGS
found, said, made = {}, {}, []
for number, rig in enumerate(ARGUMENTS["rigs"]):
    names = {
        joint: rig["prefix"] + parts[0][0].rsplit(":", 1)[-1]
        for joint, parts in RIGS[rig["profile"]].items()
        if joint not in rig["without"]
    }
    extra = [(bone, names[parent] if parent else None, names[child], fraction) for bone, parent, child, fraction in rig["extra"]]
    order = {names[joint]: mode for joint, mode in rig["order"].items()}
    armature = make(
        rig["name"], names, np.array(rig["swing"]), rig["axes"], rig["unit"], rig["legs"], np.random.default_rng(number), extra, order
    )
    for joint in rig["not_inheriting"]:
        armature.data.bones[names[joint]].use_inherit_rotation = False
    armature.matrix_world = Matrix(rig["matrix"])
    chosen.armature = armature
    assert bpy.ops.motionwire.generate() == {"FINISHED"}
    made.append((rig["name"], armature, list(names.values())))
    said[rig["name"]] = list(names)
for name, armature, bones in made:
    found[f"{name}_rest"] = np.array([armature.matrix_world @ armature.data.bones[bone].matrix_local for bone in bones])
    found[f"{name}_matrices"] = np.zeros((round(ARGUMENTS["seconds"] * 30), len(bones), 4, 4))
for row in range(round(ARGUMENTS["seconds"] * 30)):
    scene.frame_set(row + 1)
    for name, armature, bones in made:
        found[f"{name}_matrices"][row] = [armature.matrix_world @ armature.pose.bones[bone].matrix for bone in bones]
if "save" in ARGUMENTS:
    bpy.ops.wm.save_as_mainfile(filepath=ARGUMENTS["save"])
save(said=said, **found)
