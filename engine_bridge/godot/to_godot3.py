"""Makes godot3/ from the Godot 4 sources: `python to_godot3.py`. What is written for both is a part of GDScript that needs nothing but
other names; what the engines do otherwise stands in core/platform.gd, which each of them has for itself.
"""

import re
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE / "godot3"
OWN = {"addons/motionwire/core/platform.gd", "tests/files.gd"}  # written by hand for each engine

NAMES = {
    "RefCounted": "Reference",
    "Node3D": "Spatial",
    "Skeleton3D": "Skeleton",
    "BoneAttachment3D": "BoneAttachment",
    "MeshInstance3D": "MeshInstance",
    "Camera3D": "Camera",
    "DirectionalLight3D": "DirectionalLight",
    "BoxMesh": "CubeMesh",
    "Transform3D": "Transform",
    "Quaternion": "Quat",
    "PackedByteArray": "PoolByteArray",
    "PackedFloat32Array": "PoolRealArray",
    "TYPE_PACKED_BYTE_ARRAY": "TYPE_RAW_ARRAY",
    "TYPE_PACKED_INT32_ARRAY": "TYPE_INT_ARRAY",
    "TYPE_FLOAT": "TYPE_REAL",
    "JOY_BUTTON_B": "JOY_XBOX_B",
    "JOY_AXIS_LEFT_X": "JOY_AXIS_0",
    "JOY_AXIS_LEFT_Y": "JOY_AXIS_1",
    "to_utf8_buffer": "to_utf8",
    "get_rotation_quaternion": "get_rotation_quat",
    "is_empty": "empty",
    "lerp": "linear_interpolate",
    "max_fps": "target_fps",
    "instantiate": "instance",
    "keycode": "scancode",
    "text_submitted": "text_entered",
    "offset_left": "margin_left",
    "offset_top": "margin_top",
    "offset_right": "margin_right",
    "offset_bottom": "margin_bottom",
}
METHODS = {"lerp", "is_empty"}  # renamed only where they are called on something: lerp(a, b, t) is there in both

SCRIPT = [  # whole-line forms of the language
    (re.compile(r"^@(export|onready|tool)\b", re.M), r"\1"),
    (re.compile(r"^(\t*)(.+)\.(\w+)\.connect\((\w+)\)$", re.M), r'\1\2.connect("\3", self, "\4")'),
    (re.compile(r"^(\t*)(\w+)\.emit\((.*)\)$", re.M), r'\1emit_signal("\2", \3)'),
    (re.compile(r"^(\t*)(.+)\.(\w+)\.emit\((.*)\)$", re.M), r'\1\2.emit_signal("\3", \4)'),
    (re.compile(r"^func _process(.*) -> bool:$", re.M), r"func _idle\1 -> bool:"),  # of a main loop
    (re.compile(r"^(\s*)##", re.M), r"\1#"),
]
SCENE = [
    (re.compile(r"^ambient_light_source.*\n", re.M), ""),
    (re.compile(r"format=3"), "format=2"),
    (re.compile(r'(\[(?:ext|sub)_resource .*)id="(\d+)"'), r"\1id=\2"),
    (re.compile(r'(Ext|Sub)Resource\("(\d+)"\)'), r"\1Resource( \2 )"),
]
NAME = re.compile(r"(\.|\b)(" + "|".join(NAMES) + r")\b")


def converted(text: str, suffix: str) -> str:
    """A source of Godot 4 as Godot 3 wants it; suffix: .gd or .tscn."""

    def renamed(found: re.Match[str]) -> str:
        dot, name = found.groups()
        return found[0] if name in METHODS and not dot else dot + NAMES[name]

    for pattern, replacement in SCRIPT if suffix == ".gd" else SCENE:
        text = pattern.sub(replacement, text)
    return NAME.sub(renamed, text)


def sources() -> dict[str, Path]:
    """Each file to convert, by its path in the project."""
    found = {}
    for folder in ("addons", "demo", "tests"):
        for path in sorted((HERE / folder).rglob("*")):
            if path.suffix in (".gd", ".tscn") and (name := path.relative_to(HERE).as_posix()) not in OWN:
                found[name] = path
    return found


def main() -> None:
    """Write all files of godot3/ that are not its own."""
    for name, path in sources().items():
        target = TARGET / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(converted(path.read_text(encoding="utf-8"), path.suffix), encoding="utf-8")


if __name__ == "__main__":
    main()
