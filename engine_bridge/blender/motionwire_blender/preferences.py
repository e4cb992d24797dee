"""Where the runtime is: the add-on's preferences."""

import bpy


class MotionwirePreferences(bpy.types.AddonPreferences):
    bl_idname = __package__

    host: bpy.props.StringProperty(name="Host", default="127.0.0.1", description="Machine that `motionwire serve` runs on")
    port: bpy.props.IntProperty(name="Port", default=5588, min=1, max=65535, description="Port that `motionwire serve` says it listens at")
    token: bpy.props.StringProperty(
        name="Token", subtype="PASSWORD", description="The runtime's token, where it has one; it is kept in Blender's preferences"
    )

    def draw(self, _context):
        row = self.layout.row()
        row.prop(self, "host")
        row.prop(self, "port")
        self.layout.prop(self, "token")


def get():
    """The add-on's preferences."""
    return bpy.context.preferences.addons[__package__].preferences


def register():
    bpy.utils.register_class(MotionwirePreferences)


def unregister():
    bpy.utils.unregister_class(MotionwirePreferences)
