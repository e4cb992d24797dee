"""The takes of an armature: the Actions that sentences became, and which one it plays."""

import bpy

from . import action


def made():
    """Actions that were made from sentences, the newest last."""
    takes = [action for action in bpy.data.actions if "motionwire" in action]
    return sorted(takes, key=lambda take: take["motionwire"].get("made", 0.0))


class MotionwireUseTake(bpy.types.Operator):
    bl_idname = "motionwire.use_take"
    bl_label = "Use this take"
    bl_description = "Let the armature play this Action"
    bl_options = {"UNDO"}

    name: bpy.props.StringProperty(options={"SKIP_SAVE"})

    def execute(self, context):
        """Assign the Action by its name."""
        armature, chosen = context.scene.motionwire.armature, bpy.data.actions.get(self.name)
        if armature is None or chosen is None:
            self.report({"ERROR"}, "the armature or the take is gone")
            return {"CANCELLED"}
        action.assign(armature, chosen)
        return {"FINISHED"}


def register():
    bpy.utils.register_class(MotionwireUseTake)


def unregister():
    bpy.utils.unregister_class(MotionwireUseTake)
