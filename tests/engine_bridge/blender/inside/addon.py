"""Inside Blender: the add-on installed from its zip as a user installs it, and what a test asks of it."""

import importlib
import json
import os
import sys
import time
from pathlib import Path

import bpy
import numpy as np

ARGUMENTS = json.loads(sys.argv[sys.argv.index("--") + 1])
EXTENSIONS = bpy.app.version >= (4, 2)
NAME = "bl_ext.user_default.motionwire_blender" if EXTENSIONS else "motionwire_blender"


def install():
    """Install and enable the add-on, and name the runtime in its preferences."""
    if bpy.app.background:  # a window would go with it
        bpy.ops.wm.read_factory_settings(use_empty=True)
    if EXTENSIONS:
        bpy.ops.extensions.package_install_files(filepath=ARGUMENTS["zip"], repo="user_default", enable_on_install=True, overwrite=True)
    else:
        bpy.ops.preferences.addon_install(filepath=ARGUMENTS["zip"], overwrite=True)
        bpy.ops.preferences.addon_enable(module=NAME)
    preferences = bpy.context.preferences.addons[NAME].preferences
    preferences.port = ARGUMENTS.get("port", 1)
    preferences.token = ARGUMENTS.get("token", "")
    return preferences


def module(name):
    """A module of the installed add-on."""
    return importlib.import_module(f"{NAME}.{name}")


def until(true, seconds=30.0):
    """Wait for a condition; fails when it does not come."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def connect():
    """The add-on's connection, open."""
    connection = module("link").open_()
    until(lambda: connection.state == "open")
    return connection


def heads(armature, names, frames):
    """Where bones begin [T, len(names), 3] in the world, as Blender evaluates them, frame by frame."""
    places = np.zeros((len(frames), len(names), 3))
    for row, frame in enumerate(frames):
        bpy.context.scene.frame_set(int(frame))
        evaluated = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        for column, name in enumerate(names):
            places[row, column] = evaluated.matrix_world @ evaluated.pose.bones[name].head
    return places


def save(**found):
    """Hand results to the test: arrays, and what JSON can say under the key `said`."""
    said = json.dumps(found.pop("said", {}))
    np.savez(Path(ARGUMENTS["out"]), said=np.array(said), **found)
    module("link").close()
    if not bpy.app.binary_path:  # the wheel: after Rigify has run in it, Python never gets to its end
        os._exit(0)


def curves_of(action):
    """The F-curves of an Action, wherever this Blender keeps them."""
    if hasattr(action, "layers"):
        return [curve for layer in action.layers for strip in layer.strips for bag in strip.channelbags for curve in bag.fcurves]
    return list(action.fcurves)
