"""No runtime, a runtime that dies while it makes a clip, and what else goes wrong: what the add-on tells, and that nothing is left over."""

import os
import signal

import bpy
from addon import ARGUMENTS, NAME, connect, install, module, save, until

said = {}


def report(**properties):
    """What `generate` reports as an error; Blender raises it for scripts."""
    try:
        return str(bpy.ops.motionwire.generate(**properties))
    except RuntimeError as error:
        return str(error).removeprefix("Error: ").strip()


preferences = install()
chosen = bpy.context.scene.motionwire
preferences.port = 1
said["no armature"] = report()
bpy.ops.motionwire.add_reference()
said["no runtime"] = report()
chosen.sentence = "  "
said["no sentence"] = report()
chosen.sentence = "slow walk"

preferences.port, preferences.token = ARGUMENTS["port"], "not the token of this server"
said["wrong token"] = report()
preferences.token = ""
said["no token"] = report()
preferences.token = ARGUMENTS["token"]
connect()

bones = bpy.data.objects.new("box", bpy.data.armatures.new("box"))
bpy.context.collection.objects.link(bones)
chosen.armature, character = bones, chosen.armature
said["no bones"] = report()
chosen.armature = character

# Each frame takes the fake server 50 ms: there is time to cancel, to take the armature away, and to kill the server.
generate = module("generate")
chosen.seconds = 10
job = generate.Job(bpy.context.scene, 2)
until(lambda: job.poll() or job.progress > 0)
said["words"] = job.words()
job.cancel()
until(lambda: job.poll() or job.over)
said["cancelled"] = [take.state for take in job.takes.takes]
said["after cancel"] = [job.problem, job.actions, len(bpy.data.actions)]

chosen.seconds = 0.5
job = generate.Job(bpy.context.scene, 1)
bpy.data.objects.remove(character)
until(lambda: job.poll() or job.over)
said["removed"] = [job.problem, len(bpy.data.actions)]

bpy.ops.motionwire.add_reference()
chosen.seconds = 10
job = generate.Job(bpy.context.scene, 1)
until(lambda: job.poll() or job.progress > 0)
os.kill(ARGUMENTS["pid"], signal.SIGKILL)
until(lambda: job.poll() or job.over)
said["killed"] = [job.problem, len(bpy.data.actions)]
said["afterwards"] = report()
said["status"] = module("link").status()
assert not generate.running
link = module("link")
bpy.ops.preferences.addon_disable(module=NAME)
assert not hasattr(bpy.types.Scene, "motionwire") and link.current() is None
save(said=said)
