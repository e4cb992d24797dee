"""What an animator does without thinking of the add-on: renames, keeps work of their own, lets the runtime restart, disables it."""

import bpy
from addon import NAME, connect, install, module, save, until

install()
connection = connect()
scene = bpy.context.scene
chosen = scene.motionwire
bpy.ops.motionwire.add_reference()
armature, said, made = chosen.armature, {}, []
chosen.sentence, chosen.seconds = "a person walks", 0.5
generate, preview, link, takes = module("generate"), module("preview"), module("link"), module("takes_operators")
RENAMES = hasattr(armature, "session_uid")


def job(meanwhile=lambda: None):
    """Make one take; [what went wrong, how many were made]."""
    under_way = generate.Job(scene, 1)
    meanwhile()
    until(lambda: under_way.poll() or under_way.over)
    under_way.close()
    made.extend(under_way.actions)
    return [under_way.problem, len(under_way.actions)]


def rename(name):
    if RENAMES:
        armature.name = name


own = bpy.data.actions.new("by hand")
armature.animation_data_create().action = own
chosen.sentence = "walks by the sea"
job()
said["own action"] = [own.use_fake_user, own.name]

chosen.sentence = "a first word"
said["renamed in a job"] = job(lambda: rename("hero"))
chosen.sentence = "no longer there"
connection._incoming.extend(({"t": "lost"}, {"t": "opened", "resumed": False}))
said["lost while idle"] = job()
said["made"], said["newest last"] = made, [take.name for take in takes.made()]

spawned, send = [], connection.send


def recording(**message):
    """Keep what the add-on says."""
    spawned.extend([message] * (message["t"] == "spawn"))
    return send(**message)


connection.send = recording
pelvis = armature.pose.bones["pelvis"]
pelvis.matrix_basis.identity()
stood = pelvis.matrix_basis.copy()
preview.start(scene)
connection._incoming.append({"t": "opened", "resumed": False})
until(lambda: preview.running.tick() or preview.running.shown > 3)
rename("heroine")
shown = preview.running.shown
until(lambda: preview.running.tick() or preview.running.shown > shown + 3)
moved = pelvis.matrix_basis != stood
preview.stop()
said["renamed in a preview"] = [moved, pelvis.matrix_basis == stood]
said["opened while idle"] = len(spawned)

bpy.context.view_layer.objects.active = armature
bpy.ops.object.mode_set(mode="EDIT")
bones = armature.data.edit_bones
above = bones.new("above")
above.head, above.tail = bones["pelvis"].head - (bones["pelvis"].tail - bones["pelvis"].head), bones["pelvis"].head
bones["pelvis"].parent, bones["pelvis"].use_connect = above, True
bpy.ops.object.mode_set(mode="OBJECT")
try:
    job()
except module("standing").RigError as error:
    said["connected"] = str(error)
bpy.ops.object.mode_set(mode="EDIT")
armature.data.edit_bones["pelvis"].use_connect = False
bpy.ops.object.mode_set(mode="OBJECT")

generate.running = generate.Job(scene, 1)
until(lambda: generate.running.poll() or generate.running.takes is not None)
handle = generate.running.takes.handle
there = handle in link._listeners
bpy.ops.preferences.addon_disable(module=NAME)
said["disabled"] = [there, generate.running is None, handle not in link._listeners]
save(said=said)
