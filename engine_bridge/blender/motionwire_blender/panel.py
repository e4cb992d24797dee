"""The panel in the 3D view's sidebar."""

import textwrap

import bpy

from . import generate, link, preview, takes_operators

SHOWN_TAKES = 12
LETTER = 6.5  # pixels of a usual letter


class MotionwirePanel(bpy.types.Panel):
    bl_label = "Motionwire"
    bl_idname = "MOTIONWIRE_PT_panel"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Motionwire"

    def draw(self, context):
        """From the character down to the runtime."""
        chosen = context.scene.motionwire
        self._character(chosen)
        self._sentence(chosen)
        self._takes(chosen)
        self._live(chosen, context.region.width)
        self._runtime(context.region.width)

    def _character(self, chosen):
        column = self.layout.column()
        column.prop(chosen, "armature", icon="ARMATURE_DATA")
        column.prop(chosen, "rig")
        column.operator("motionwire.add_reference", icon="ADD")

    def _sentence(self, chosen):
        column = self.layout.column(align=True)
        column.prop(chosen, "sentence", icon="TEXT")
        column.prop(chosen, "seconds")
        column.prop(chosen, "seed")
        if generate.running is not None:
            self._progress(column, generate.running)
            return
        row = column.row(align=True)
        row.scale_y = 1.4
        row.operator("motionwire.generate", icon="PLAY")
        column = self.layout.column(align=True)
        column.prop(chosen, "variants")
        column.operator("motionwire.generate", text="Generate variants", icon="DUPLICATE").count = chosen.variants

    def _progress(self, column, job):
        if hasattr(column, "progress"):  # Blender 4.0 and later
            column.progress(factor=job.progress, text=job.words())
        else:
            column.label(text=f"{job.words()}  ({100 * job.progress:.0f} %)", icon="TIME")
        column.operator("motionwire.cancel", icon="CANCEL")

    def _takes(self, chosen):
        takes = takes_operators.made()[-SHOWN_TAKES:]
        if not takes:
            return
        data = chosen.armature.animation_data if chosen.armature else None
        column = self.layout.column(align=True)
        column.label(text="Takes")
        for take in takes:
            used = data is not None and data.action == take
            column.operator("motionwire.use_take", text=take.name, icon="RADIOBUT_ON" if used else "RADIOBUT_OFF").name = take.name

    def _live(self, chosen, width):
        live = preview.running
        column = self.layout.column(align=True)
        column.operator(
            "motionwire.preview",
            text="Live preview" if live is None else "End preview",
            icon="PLAY" if live is None else "PAUSE",
            depress=live is not None,
        )
        if live is not None:
            column.prop(chosen, "speed")
            column.prop(chosen, "heading")
            column.operator("motionwire.act", text="Act the sentence", icon="OUTLINER_OB_ARMATURE")
        problem = live.problem if live is not None else preview.last_problem
        if problem:
            _lines(column, problem, "ERROR", width)

    def _runtime(self, width):
        column = self.layout.column(align=True)
        _lines(column, f"Runtime: {link.status()}", "LINKED", width)
        if link.licence():
            _lines(column, link.licence(), "INFO", width)


def _lines(column, text, icon, width):
    """A text in as many lines as a region of this width (pixels) needs."""
    letters = int(width / bpy.context.preferences.system.ui_scale / LETTER) - 6
    for number, line in enumerate(textwrap.wrap(text, max(letters, 10))):
        column.label(text=line, icon="BLANK1" if number else icon)


def register():
    bpy.utils.register_class(MotionwirePanel)


def unregister():
    bpy.utils.unregister_class(MotionwirePanel)
