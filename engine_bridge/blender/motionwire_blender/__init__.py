"""Motionwire in Blender: motion from sentences on the user's own armature, made by a runtime that is reached over the wire."""

bl_info = {
    "name": "Motionwire",
    "author": "Motionwire",
    "version": (0, 0, 0),
    "blender": (3, 4, 0),
    "location": "3D View > Sidebar > Motionwire",
    "description": "Motion from sentences, on your own armature",
    "category": "Animation",
}

from . import (  # noqa: E402 (bl_info stands first)
    generate,
    link,
    panel,
    preferences,
    preview,
    preview_operators,
    properties,
    reference_operator,
    takes_operators,
)

MODULES = (preferences, properties, generate, takes_operators, preview_operators, reference_operator, panel)


def register():
    for module in MODULES:
        module.register()


def unregister():
    preview.stop()
    link.close()
    for module in reversed(MODULES):
        module.unregister()
