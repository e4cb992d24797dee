"""The live preview on the reference character: it walks, acts, shows each pose where the runtime has it, survives a restart, and ends."""

import time

import bpy
import numpy as np
from addon import connect, install, module, save, until

install()
connection = connect()
scene, chosen = bpy.context.scene, bpy.context.scene.motionwire
bpy.ops.motionwire.add_reference()
armature = chosen.armature
armature.pose.bones["head"].rotation_quaternion = (0.9, 0.1, 0.2, 0.3)
before = np.array([bone.matrix_basis for bone in armature.pose.bones])
preview, joints = module("preview"), module("packed").JOINTS
assert bpy.ops.motionwire.preview() == {"FINISHED"}
poses, shown_at, ticks = [], [], []
latest = connection.latest_pose


def recorded():
    """Keep what the add-on takes off the wire."""
    pose = latest()
    if pose is not None:
        poses.append(pose["data"])
    return pose


connection.latest_pose = recorded
places = []


def tick():
    """What Blender's timer does; background mode runs no timers."""
    live, count = preview.running, preview.running.shown
    began = time.perf_counter()
    live.tick()
    if live.shown > count:
        ticks.append(time.perf_counter() - began)
        bpy.context.view_layer.update()
        places.append([list(armature.matrix_world @ armature.pose.bones[joint].head) for joint in joints])
    time.sleep(0.004)


chosen.speed, chosen.heading = 1.2, 0.5
until(lambda: tick() or len(places) >= 60)
assert preview.running.act("a person waves", 3) and not preview.running.problem
until(lambda: tick() or preview.running.acting)
until(lambda: tick() or len(places) >= 120)
chosen.sentence = "fail"
bpy.ops.motionwire.act()
until(lambda: tick() or preview.running.problem)
problem = preview.running.problem
assert bpy.ops.motionwire.preview() == {"FINISHED"} and preview.running is None
after = np.array([bone.matrix_basis for bone in armature.pose.bones])
data = np.array([np.frombuffer(pose, "<f4") for pose in poses])[: len(places)]
said = {"problem": problem, "actions": len(bpy.data.actions), "ticks_ms": sorted(1e3 * tick for tick in ticks)[len(ticks) // 2]}
save(said=said, places=np.array(places), data=data, before=before, after=after)
