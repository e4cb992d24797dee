"""What the panel asks for; kept with the scene."""

import bpy

from . import rigs
from .wire.takes import SECONDS

MOST_VARIANTS = 8  # clips of one session that the runtime takes at once


def _is_armature(_settings, thing):
    return thing.type == "ARMATURE"


class MotionwireSettings(bpy.types.PropertyGroup):
    armature: bpy.props.PointerProperty(
        name="Armature", type=bpy.types.Object, poll=_is_armature, description="The character that is to move"
    )
    rig: bpy.props.EnumProperty(name="Rig", items=rigs.choices, description="Whose bone names the armature has")
    sentence: bpy.props.StringProperty(
        name="", maxlen=512, default="a person walks forward", description="What the character does, in a sentence"
    )
    seed: bpy.props.IntProperty(name="Seed", min=0, description="Another number, another take of the same sentence")
    seconds: bpy.props.FloatProperty(
        name="Seconds", min=0, max=SECONDS, default=4.0, precision=1, description="Length of the clip; 0 leaves it to the model"
    )
    variants: bpy.props.IntProperty(
        name="Variants", min=2, max=MOST_VARIANTS, default=4, description="How many takes with seeds that count up from Seed"
    )
    speed: bpy.props.FloatProperty(name="Speed", min=0, max=4, unit="VELOCITY", description="How fast the live character walks or runs")
    heading: bpy.props.FloatProperty(name="Heading", subtype="ANGLE", description="Where it goes; 0 is ahead, positive to its left")


def register():
    bpy.utils.register_class(MotionwireSettings)
    bpy.types.Scene.motionwire = bpy.props.PointerProperty(type=MotionwireSettings)


def unregister():
    del bpy.types.Scene.motionwire
    bpy.utils.unregister_class(MotionwireSettings)
