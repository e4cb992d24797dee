"""The button that adds the reference character, with the bone lengths of the runtime's model where one is connected."""

import bpy

from . import link, reference
from .packed import REFERENCE
from .wire import connection as wire
from .wire.takes import rest_offsets


class MotionwireAddReference(bpy.types.Operator):
    bl_idname = "motionwire.add_reference"
    bl_label = "Add reference character"
    bl_description = "A skinned armature with the runtime's own skeleton, at the 3D cursor"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT"

    def execute(self, context):
        """Add it, and choose it in the panel."""
        offsets, connection = REFERENCE, link.current()
        if connection is not None and connection.state == wire.OPEN:
            try:
                offsets = rest_offsets(connection.welcome.get("skeleton"))
            except ValueError as error:
                self.report({"ERROR"}, str(error))
                return {"CANCELLED"}
        context.scene.motionwire.armature = reference.add(context, offsets, context.scene.unit_settings.scale_length)
        return {"FINISHED"}


def register():
    bpy.utils.register_class(MotionwireAddReference)


def unregister():
    bpy.utils.unregister_class(MotionwireAddReference)
