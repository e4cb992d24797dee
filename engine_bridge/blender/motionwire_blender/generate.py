"""Sentence to Action: the order to the runtime, its progress, and what becomes of the clips. Blender's own thread never waits for it."""

import time

import bpy

from . import action, link, rig, rigs
from .found import Found
from .packed import REFERENCE
from .resample import resample
from .retarget import Retarget
from .standing import RigError
from .wire import connection as wire
from .wire.takes import DONE, FAILED, FPS, Takes

CONNECT_S = 3.0  # before it is said that no runtime is there
TICK_S = 0.05  # between two looks at what has come
POLL_S = 0.005  # the same while a script waits

running = None  # the Job under way


class Job:
    """Clips for one armature, from the order to the Actions. problem: what went wrong, for people; actions: names of those made."""

    def __init__(self, scene, count):
        chosen, armature = scene.motionwire, chosen_armature(scene)
        if not chosen.sentence.strip():
            raise RigError("write what the character does")
        held = retarget_for(chosen, armature, REFERENCE).held_back  # an armature that cannot be animated is told before anything is made
        self.warning = f"constraints hold {', '.join(held)}: they do not follow the motion" if held else ""
        self.problem, self.actions, self.takes = "", [], None
        self._scene, self._armature, self._first = Found(scene), Found(armature), scene.frame_current
        self._asked = (chosen.sentence.strip(), round(chosen.seconds * FPS), chosen.seed, count)
        self._made, self._cancelled = set(), False
        self.timer = None  # of the window in which it runs
        self._connection = link.open_()
        self._deadline = time.monotonic() + CONNECT_S

    @property
    def over(self):
        """Whether all is done, failed or cancelled."""
        return self._cancelled if self.takes is None else self.takes.over and not self._to_make()

    @property
    def progress(self):
        """0..1."""
        return self.takes.progress if self.takes else 0.0

    def words(self):
        """The progress in words."""
        if self.takes is None:
            return "Connecting ..."
        take = next((take for take in self.takes.takes if not take.over), self.takes.takes[-1])
        if take.ahead:
            return f"Waiting for {take.ahead} other clips"
        return f"Frame {take.made} of {take.total or '?'}"

    def poll(self):
        """Go on with what has come since the last call; returns at once."""
        if self.takes is None:
            if not self._cancelled:
                self._order()
            return
        link.pump()
        for take in self._to_make()[:1]:  # one Action a call
            self._made.add(take.seed)
            try:
                self._make(take)
            except RigError as error:
                self.problem = str(error)
        for take in self.takes.takes:
            if take.state == FAILED:
                self.problem = take.problem

    def cancel(self):
        """Stop making what is not made yet."""
        self._cancelled = True
        if self.takes is not None:
            self.takes.cancel()

    def close(self):
        """Leave the connection and the window to others; once it is over."""
        if self.takes is not None:
            link.unlisten(self.takes.handle)
        if self.timer is not None:
            bpy.context.window_manager.event_timer_remove(self.timer)

    def _order(self):
        if self._connection.state == wire.OPEN:
            text, frames, seed, count = self._asked
            link.pump()
            self.takes = Takes(self._connection, text, frames, seed, count, link.number(count))
            link.listen(self.takes.handle)
        elif self._connection.state in (wire.REFUSED, wire.CLOSED) or time.monotonic() > self._deadline:
            self.problem, self._cancelled = self._connection.problem, True

    def _to_make(self):
        return [take for take in self.takes.takes if take.state == DONE and take.seed not in self._made]

    def _make(self, take):
        scene, armature = self._scene.among(bpy.data.scenes), self._armature.among(bpy.data.objects)
        if scene is None or armature is None or armature.type != "ARMATURE":
            raise RigError("the armature was removed while its motion was made")
        retarget = retarget_for(scene.motionwire, armature, take.offsets)
        frames = resample(*take.frames(), take.fps, scene.render.fps / scene.render.fps_base)
        before = armature.animation_data.action if armature.animation_data else None
        made = action.write(armature, f"{take.text[:40]} #{take.seed}", retarget.rig, retarget.pose(*frames), self._first)
        made["motionwire"] = {"sentence": take.text, "seed": take.seed, "made": time.time()}
        if self.actions:  # the first take stays the one that is shown
            action.assign(armature, before)
        self.actions.append(made.name)
        scene.frame_end = max(scene.frame_end, self._first + len(frames[0]) - 1)


def chosen_armature(scene):
    """The armature chosen in the panel. Raises RigError without one."""
    armature = scene.motionwire.armature
    if armature is None or armature.name not in scene.objects:
        raise RigError("choose an armature of this scene, or add the reference character")
    return armature


def retarget_for(chosen, armature, offsets):
    """The Retarget of motion with these rest offsets [22, 3] on an armature, by the rig chosen in the panel. Raises RigError."""
    return Retarget(rig.read(armature), rigs.bones(armature.data.bones.keys(), chosen.rig), offsets)


class MotionwireGenerate(bpy.types.Operator):
    bl_idname = "motionwire.generate"
    bl_label = "Generate"
    bl_description = "Make motion from the sentence and put it on the armature; Esc cancels"
    bl_options = {"UNDO"}

    count: bpy.props.IntProperty(default=1, min=1, max=8, options={"SKIP_SAVE"}, description="Takes to make")

    @classmethod
    def poll(cls, _context):
        return running is None

    def invoke(self, context, _event):
        """From the panel: goes on beside Blender's own work."""
        if not self._begin(context):
            return {"CANCELLED"}
        running.timer = context.window_manager.event_timer_add(TICK_S, window=context.window)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context, event):
        """A tick, or an event that is somebody else's."""
        if event.type == "ESC" and event.value == "PRESS":
            running.cancel()
            return {"RUNNING_MODAL"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        self._poll()
        _redraw_panels(context)
        return self._end() if running.over else {"PASS_THROUGH"}

    def execute(self, context):
        """From a script: returns when all is made."""
        if not self._begin(context):
            return {"CANCELLED"}
        while not running.over:
            self._poll()
            time.sleep(POLL_S)
        return self._end()

    def cancel(self, _context):
        """Blender ends it: another file is opened, or Blender closed."""
        running.cancel()
        self._end()

    def _begin(self, context):
        global running
        try:
            running = Job(context.scene, self.count)
        except RigError as error:
            self.report({"ERROR"}, str(error))
            return False
        return True

    def _poll(self):
        """Go on; what goes wrong in a way that nobody foresaw ends the job, or no other could begin."""
        try:
            running.poll()
        except Exception:
            running.cancel()
            self._end()
            raise

    def _end(self):
        global running
        job, running = running, None
        job.close()
        if job.warning and job.actions:
            self.report({"WARNING"}, job.warning)
        if job.problem:
            self.report({"ERROR"}, job.problem)
        if job.actions:
            self.report({"INFO"}, f"{len(job.actions)} new: {', '.join(job.actions)}")
            return {"FINISHED"}
        return {"CANCELLED"}


def _redraw_panels(context):
    """The sidebars, and not the scene beside them."""
    for area in context.screen.areas if context.screen else ():
        for region in area.regions if area.type == "VIEW_3D" else ():
            if region.type == "UI":
                region.tag_redraw()


class MotionwireCancel(bpy.types.Operator):
    bl_idname = "motionwire.cancel"
    bl_label = "Cancel"
    bl_description = "Stop making motion; takes that are complete stay"

    @classmethod
    def poll(cls, _context):
        return running is not None

    def execute(self, _context):
        """Ask the job to end; its operator finishes it."""
        running.cancel()
        return {"FINISHED"}


def stop():
    """End, if it has begun: Blender forgets the operator of an add-on that is disabled without a word to it."""
    global running
    if running is not None:
        job, running = running, None
        job.cancel()
        job.close()


def register():
    bpy.utils.register_class(MotionwireGenerate)
    bpy.utils.register_class(MotionwireCancel)


def unregister():
    stop()
    bpy.utils.unregister_class(MotionwireCancel)
    bpy.utils.unregister_class(MotionwireGenerate)
