"""The live character of a runtime on the armature: it walks as the panel says and acts sentences, in real time, without keys.

A timer of Blender's takes the newest pose; when it ends, the armature stands as it stood before.
"""

import math
import struct
import time

import bpy

from . import action, link, rigify
from .found import Found
from .generate import CONNECT_S, chosen_armature, retarget_for
from .packed import REFERENCE
from .standing import RigError
from .wire import connection as wire
from .wire.takes import pose_frame, rest_offsets

CREDIT = 2  # poses on their way at most: a Blender that is busy gets the newest one, not a queue
FPS = 60.0

running = None  # the Preview under way
last_problem = ""  # why the last one ended


class Preview:
    """One live character on one armature. shown: poses so far; problem: what a sentence failed with. Raises RigError for an armature
    that cannot be animated."""

    def __init__(self, scene):
        armature = chosen_armature(scene)
        retarget_for(scene.motionwire, armature, REFERENCE)  # an armature that cannot be animated is told at once
        self._scene, self._armature = Found(scene), Found(armature)
        self._before = _Stand(armature)
        self._connection = link.open_()
        self._deadline = time.monotonic() + CONNECT_S
        self._retarget = self._stick = self._spawned = None
        self._character = link.number()  # its own: poses of a preview before may be on their way
        self._where = (0.0, 0.0, 0.0)  # x, z in m, heading in rad
        self.shown, self.acting, self.problem = 0, False, ""
        link.pump()
        link.listen(self._hear)
        if self._connection.state == wire.OPEN:
            self._spawn(resumed=False)

    def tick(self):
        """Show the newest pose, if there is one. Raises RigError when it cannot go on."""
        link.pump()
        scene, armature = self._scene.among(bpy.data.scenes), self._armature.among(bpy.data.objects)
        if scene is None or armature is None:
            raise RigError("the armature was removed")
        if self._connection.state != wire.OPEN:
            if self._connection.state in (wire.REFUSED, wire.CLOSED) or time.monotonic() > self._deadline:
                raise RigError(self._connection.problem)
            return
        self._steer(scene.motionwire)
        message = self._connection.latest_pose()
        if message is not None:
            self._connection.send(t="credit", n=1)
            if message.get("characters") == [self._character]:
                self._show(armature, message)

    def act(self, text, seed):
        """Let the character act a sentence out; whether that could be sent."""
        self.problem = ""
        return self._connection.send(t="act", character=self._character, text=text, seed=seed)

    def end(self):
        """Despawn, and the armature as it was."""
        link.unlisten(self._hear)
        self._connection.send(t="unsubscribe")
        self._connection.send(t="despawn", character=self._character)
        armature = self._armature.among(bpy.data.objects)
        if armature is not None:
            self._before.restore(armature)

    def _hear(self, message):
        if message["t"] == "opened" and self._spawned is not self._connection.welcome:  # it may have opened before the first look
            self._spawn(message["resumed"])
        elif message["t"] == "lost":
            self._deadline = time.monotonic() + CONNECT_S
        elif message["t"] == "error" and message.get("of") in ("act", "spawn", "subscribe"):
            self.problem = str(message.get("message"))

    def _spawn(self, resumed):
        self._spawned = self._connection.welcome
        self._retarget = self._stick = None  # another runtime may have another skeleton
        listed = self._connection.welcome.get("characters")
        there = listed if isinstance(listed, list) else []
        for other in there:
            if other != self._character:  # of a preview that ended while the connection was lost
                self._connection.send(t="despawn", character=other)
        if not (resumed and self._character in there):  # at first, or where it was when a runtime was lost
            x, z, heading = self._where
            self._connection.send(t="spawn", character=self._character, transform=[x, 0.0, z, heading])
        self._connection.send(t="subscribe", characters=[self._character], fps=FPS, credit=CREDIT)

    def _steer(self, chosen):
        stick = (chosen.speed * math.sin(chosen.heading), chosen.speed * math.cos(chosen.heading))
        if stick != self._stick:
            self._stick = stick
            self._connection.send(t="input", characters=[self._character], input=struct.pack("<4f", *stick, math.nan, 0.0))

    def _show(self, armature, message):
        try:
            root, rotations = pose_frame(message)
            self._where = struct.unpack("<3f", message["root"])
            self.acting = message["acting"] != b"\0"
            offsets = rest_offsets(self._connection.welcome.get("skeleton"))
        except (ValueError, KeyError, TypeError, struct.error) as error:
            raise RigError(f"the runtime sent what is no pose: {error}") from None
        events = message.get("events")
        for event in events if isinstance(events, list) else ():
            if isinstance(event, dict) and event.get("kind") in ("act_failed", "fault"):
                self.problem = str(event.get("message"))
        if self._retarget is None:
            self._retarget = retarget_for(self._scene.among(bpy.data.scenes).motionwire, armature, offsets)
        for bone, key, value in rigify.switches(armature):
            bone[key] = value
        try:
            action.show(armature, self._retarget.rig, self._retarget.pose(root[None], rotations[None]))
        except KeyError:
            raise RigError("the armature's bones were changed") from None
        self.shown += 1


class _Stand:
    """How an armature stands, to go back to."""

    def __init__(self, armature):
        self._bones = {bone.name: bone.matrix_basis.copy() for bone in armature.pose.bones}
        self._switches = [(bone.name, key, bone[key]) for bone, key, _ in rigify.switches(armature)]

    def restore(self, armature):
        bones = armature.pose.bones
        for name, matrix in self._bones.items():
            if name in bones:
                bones[name].matrix_basis = matrix
        for name, key, value in self._switches:
            if name in bones:
                bones[name][key] = value


def start(scene):
    """Begin, unless it has begun. Raises RigError."""
    global running, last_problem
    if running is None:
        running, last_problem = Preview(scene), ""
        bpy.app.timers.register(_tick)


def stop():
    """End, if it has begun."""
    global running
    if running is not None:
        ended, running = running, None
        ended.end()


def _tick():
    """What the timer calls: s until the next time, None for the end."""
    global last_problem
    if running is None:
        return None
    try:
        running.tick()
    except RigError as error:
        last_problem = str(error)
        stop()
        return None
    except Exception as error:  # Blender prints it, and calls a timer that failed no more
        last_problem = f"the preview failed: {error}"
        stop()
        raise
    return 1 / FPS
