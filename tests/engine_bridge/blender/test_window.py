"""Debian's Blender with a window, under Xvfb: generating goes on beside Blender's own work, Esc cancels it, undo takes it back."""

import shutil
from pathlib import Path

from broadcast.toolchain import need
from engine_bridge.blender.blenders import WINDOW, run
from server_process import ServerProcess as FakeServer

TAB = (1044, 540)  # where the tab of the panel is in a window of 1280 x 800


def test_window(add_on: Path, tmp_path: Path) -> None:
    need(shutil.which("xvfb-run"), "Xvfb (Debian's xvfb)")
    fake = FakeServer()
    try:
        said = run(WINDOW, "window", tmp_path, zip=str(add_on), port=int(fake.endpoint.rsplit(":", 1)[1]), tab=TAB)["said"]
    finally:
        fake.close()
    assert said["words"].startswith("Frame ") and said["words"].endswith(" of 300")
    assert said["after Esc"] == 0
    assert said["made"] == ["a person walks #0"] and said["undone"] == 0 and said["redone"] == 1
    assert said["shown"] > 10 and said["problem"] == ""
