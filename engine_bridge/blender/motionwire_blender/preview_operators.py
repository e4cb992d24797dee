"""The buttons of the live preview."""

import bpy

from . import preview
from .standing import RigError


class MotionwirePreview(bpy.types.Operator):
    bl_idname = "motionwire.preview"
    bl_label = "Live preview"
    bl_description = "Show the runtime's live character on the armature; press again to end it"

    def execute(self, context):
        """Begin or end."""
        if preview.running is not None:
            preview.stop()
            return {"FINISHED"}
        try:
            preview.start(context.scene)
        except RigError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return {"FINISHED"}


class MotionwireAct(bpy.types.Operator):
    bl_idname = "motionwire.act"
    bl_label = "Act the sentence"
    bl_description = "Let the live character act the sentence out, then go on"

    @classmethod
    def poll(cls, _context):
        return preview.running is not None

    def execute(self, context):
        """Send the sentence."""
        chosen = context.scene.motionwire
        if not preview.running.act(chosen.sentence, chosen.seed):
            self.report({"ERROR"}, "the runtime is not connected")
            return {"CANCELLED"}
        return {"FINISHED"}


@bpy.app.handlers.persistent
def _leave_file(*_):
    """Another file is opened: its armature is another one."""
    preview.stop()


def register():
    bpy.utils.register_class(MotionwirePreview)
    bpy.utils.register_class(MotionwireAct)
    bpy.app.handlers.load_pre.append(_leave_file)


def unregister():
    bpy.app.handlers.load_pre.remove(_leave_file)
    bpy.utils.unregister_class(MotionwireAct)
    bpy.utils.unregister_class(MotionwirePreview)
