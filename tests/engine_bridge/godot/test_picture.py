"""The demo scene in a window: Godot 3 under Xvfb, played by its keys and its prompt; a figure is in the picture where it must be."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

from broadcast.toolchain import need
from engine_bridge.godot.build import environment, script
from motionwire.server.process import ServerProcess


def test_demo_scene(tmp_path: Path) -> None:
    program = need(shutil.which("godot3-runner") or shutil.which("godot3"), "Godot 3 (Debian's godot3-runner)")
    xvfb = need(shutil.which("xvfb-run"), "Xvfb")
    with ServerProcess("free") as server:
        command = [program, "--video-driver", "GLES2", "--audio-driver", "Dummy", "--resolution", "1280x720"]
        command += script(program, "picture")[2:]  # without --no-window
        arguments = [server.endpoint.rsplit(":", 1)[1], str(tmp_path), "a person dances salsa"]
        done = subprocess.run(
            [xvfb, "-a", "--server-args=-screen 0 1280x720x24", *command, *arguments],
            env=environment(), capture_output=True, text=True, timeout=150, check=True,
        )  # fmt: skip
    assert "SCRIPT ERROR" not in done.stdout + done.stderr, done.stderr
    assert "done" in done.stdout, done.stdout
    for name in ("walking.png", "acting.png"):
        pixels = np.asarray(Image.open(tmp_path / name).convert("RGB")).astype(int)
        left = (pixels[..., 2] > pixels[..., 0] + 60) & (pixels[..., 2] > 90)  # blue limbs
        right = (pixels[..., 0] > pixels[..., 2] + 60) & (pixels[..., 0] > 90)  # orange ones
        for limbs in (left, right):
            rows, columns = np.nonzero(limbs)
            assert len(rows) > 500, name
            assert 150 < rows.mean() < 620 and 400 < columns.mean() < 880, name
        if name == "walking.png":  # seen from behind
            assert np.nonzero(left)[1].mean() < np.nonzero(right)[1].mean()
