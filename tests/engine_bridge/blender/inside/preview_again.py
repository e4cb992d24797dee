"""A second live preview after a first one, a connection that comes back, another skeleton, and a preview that fails."""

import bpy
import numpy as np
from addon import connect, install, module, save, until

install()
connection = connect()
chosen = bpy.context.scene.motionwire
bpy.ops.motionwire.add_reference()
preview, link = module("preview"), module("link")
latest, send = connection.latest_pose, connection.send
poses, sent, said = [], [], {}


def recorded():
    """Keep what the add-on takes off the wire."""
    pose = latest()
    if pose is not None:
        poses.append(pose)
    return pose


def recording(**message):
    """Keep what it says."""
    sent.append((message["t"], message.get("character")))
    return send(**message)


connection.latest_pose, connection.send = recorded, recording


def shown(count):
    """Tick until so many poses were shown."""
    until(lambda: preview.running.tick() or preview.running.shown >= count)


chosen.speed = 2.0
assert bpy.ops.motionwire.preview() == {"FINISHED"}
shown(40)
said["walked"] = preview.running._where[1]
assert bpy.ops.motionwire.preview() == {"FINISHED"}

# A pose of the first one that was on its way when the second began.
chosen.speed = 0.0
assert bpy.ops.motionwire.preview() == {"FINISHED"}
connection.latest_pose = poses.pop
preview.running.tick()
said["after a pose of before"] = [preview.running.shown, list(preview.running._where)]
connection.latest_pose = recorded
shown(3)
said["second"] = preview.running._where[1]
number = preview.running._character

# The connection comes back, with a character of a preview whose end it did not hear; then without this one's.
for characters in ([number, 4000], []):
    sent.clear()
    connection.welcome = {**connection.welcome, "characters": characters}
    skeleton = connection.welcome["skeleton"]
    skeleton["offsets"] = (np.frombuffer(skeleton["offsets"], "<f4") * 1.25).tobytes()
    preview.running._hear({"t": "opened", "resumed": True})
    said["sent" if characters else "sent without it"] = sent.copy()
shown(preview.running.shown + 1)
said["offsets"] = np.allclose(preview.running._retarget._offsets, np.frombuffer(skeleton["offsets"], "<f4").reshape(-1, 3))


def broken():
    """What nobody foresaw."""
    raise ZeroDivisionError("of this test")


preview.running.tick = broken
try:
    preview._tick()
except ZeroDivisionError as error:
    said["failed"] = [str(error), preview.last_problem, preview.running is None]

generate = module("generate")
generate.Job.poll = lambda _job: broken()
try:
    bpy.ops.motionwire.generate()
except RuntimeError as error:
    said["job"] = ["of this test" in str(error), generate.running is None]
save(said=said)
