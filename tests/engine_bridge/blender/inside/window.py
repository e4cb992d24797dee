"""Blender with a window: the panel, `generate` beside Blender's own work, Esc, undo, and the live preview on Blender's own timer.

Steps run on a timer; each waits for what it needs. What a person would press is simulated.
"""

import bpy
from addon import ARGUMENTS, connect, install, module, save

bpy.context.preferences.view.show_splash = False  # it would take the Esc
install()
connection = connect()
said = {}
state = {}


def view():
    """Window, screen, 3D view and its region."""
    window = bpy.context.window_manager.windows[0]
    area = next(area for area in window.screen.areas if area.type == "VIEW_3D")
    return {"window": window, "screen": window.screen, "area": area, "region": next(r for r in area.regions if r.type == "WINDOW")}


def press(kind, x=400, y=300):
    """A key or a button, at a place of the window in pixels from its lower left corner."""
    window = bpy.context.window_manager.windows[0]
    window.event_simulate("MOUSEMOVE", "NOTHING", x=x, y=y)
    window.event_simulate(kind, "PRESS", x=x, y=y)
    window.event_simulate(kind, "RELEASE", x=x, y=y)


def call(operator, *mode, **properties):
    with bpy.context.temp_override(**view()):
        return operator(*mode, **properties)


def picture(name):
    if "pictures" in ARGUMENTS:
        bpy.ops.wm.redraw_timer(type="DRAW_WIN_SWAP", iterations=1)
        call(bpy.ops.screen.screenshot, filepath=f"{ARGUMENTS['pictures']}/{name}.png")


def steps():
    """Each `yield` is a condition to wait for."""
    generate, preview = module("generate"), module("preview")
    scene = bpy.context.scene
    chosen = scene.motionwire
    space = view()["area"].spaces[0]
    space.show_region_ui = True
    space.shading.type = "SOLID"
    call(bpy.ops.motionwire.add_reference)
    chosen.sentence, chosen.seconds = "slow walk of a person", 10.0
    bpy.data.objects.remove(bpy.data.objects["Cube"])
    yield lambda: True
    press("LEFTMOUSE", *ARGUMENTS["tab"])
    yield lambda: True
    assert call(bpy.ops.motionwire.generate, "INVOKE_DEFAULT") == {"RUNNING_MODAL"}
    yield lambda: generate.running.progress > 0.05
    said["words"] = generate.running.words()
    picture("generating")
    press("ESC")
    yield lambda: generate.running is None
    said["after Esc"] = len(bpy.data.actions)
    chosen.sentence, chosen.seconds = "a person walks", 2.0
    call(bpy.ops.motionwire.generate, "INVOKE_DEFAULT", True)
    yield lambda: generate.running is None
    said["made"] = [action.name for action in bpy.data.actions]
    call(bpy.ops.ed.undo)
    yield lambda: True
    said["undone"] = len(bpy.data.actions)
    call(bpy.ops.ed.redo)
    yield lambda: True
    said["redone"] = len(bpy.data.actions)
    call(bpy.ops.motionwire.preview)
    bpy.context.scene.motionwire.speed = 1.0
    yield lambda: preview.running.shown > 10
    picture("live")
    said["shown"] = preview.running.shown
    call(bpy.ops.motionwire.preview)
    yield lambda: True
    said["problem"] = preview.last_problem


state["waiting"] = steps()
state["condition"] = next(state["waiting"])


def run():
    """The timer: goes on when the condition holds."""
    try:
        if state["condition"]():
            state["condition"] = next(state["waiting"])
    except StopIteration:
        save(said=said)
        bpy.ops.wm.quit_blender()
        return None
    except BaseException:
        bpy.ops.wm.quit_blender()
        raise
    return 0.01


bpy.app.timers.register(run, persistent=True)
