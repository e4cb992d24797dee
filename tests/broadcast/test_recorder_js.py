"""The page's own recorder, through node: what it keeps of many seconds is what the server takes."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from broadcast.toolchain import need
from motionwire.broadcast import recording
from motionwire.broadcast.viewer import MAX_BODY
from motionwire.motion.skeleton import JOINTS

PAGE = Path(recording.__file__).parent / "page"
POSE = 3 + 4 * JOINTS  # numbers
# Node takes a .js file without a package.json for CommonJS, so the module's text is imported.
PROGRAM = """
import { readFileSync } from "node:fs";
const text = readFileSync(process.argv[1]);
const { Recorder } = await import(`data:text/javascript;base64,${text.toString("base64")}`);
const recorder = new Recorder();
for (const time of JSON.parse(readFileSync(0, "utf8"))) recorder.add(time, new Float32Array([time]));
console.log(JSON.stringify({ seconds: recorder.seconds, times: [...recorder.take().times], poses: [...recorder.take().poses] }));
"""


def recorded(times: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Length in s, times and one-number poses that the recorder has kept of poses at these times, each pose being its time."""
    node = need(shutil.which("node"), "node")
    command = [node, "--input-type=module", "--eval", PROGRAM, str(PAGE / "recorder.js")]
    done = subprocess.run(command, input=json.dumps(times.tolist()), capture_output=True, text=True, timeout=60, check=True)
    kept = json.loads(done.stdout)
    return kept["seconds"], np.array(kept["times"]), np.array(kept["poses"])


@pytest.mark.parametrize("speed", [0.1, 0.01])
def test_slow_motion_is_not_more_than_the_server_takes(speed: float) -> None:
    seconds, times, poses = recorded(np.arange(0, 40, speed / 60))
    assert seconds == pytest.approx(30, abs=0.01) and (np.diff(times) > 0).all()
    assert len(times) <= recording.MAX_FRAMES and len(times) * (8 + 4 * POSE) < MAX_BODY
    assert np.diff(times).max() < 1 / recording.FPS
    np.testing.assert_allclose(poses - poses[0], times, atol=1e-5)


def test_at_full_speed_every_pose_is_kept() -> None:
    times = 100 + np.arange(0, 2, 1 / 60)
    np.testing.assert_allclose(recorded(times)[1], times - 100, atol=1e-9)
