"""The reference character in Blender: every joint where the runtime itself says it is, in every frame, in any unit and at any place."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from engine_bridge.blender.blenders import PROGRAM, WHEEL, run
from motionwire.motion.axes import engine_axes
from motionwire.motion.clip import Clip
from motionwire.server.process import ServerProcess

Expected = Callable[[str, float, int], Clip]
TEXT, SECONDS, SEED = "a person walks forward and turns left", 4.0, 7
TOLERANCE = 1e-4  # of a metre; single precision leaves 2e-6 where the scene is in metres
TURN = Rotation.from_euler("xyz", (10, -20, 130), degrees=True).as_matrix()


@pytest.mark.parametrize("kind", [PROGRAM, WHEEL])
@pytest.mark.parametrize(
    ("metres_per_unit", "turn", "scale"), [(1.0, np.eye(3), 1.0), (0.01, TURN, 1.7)], ids=["plain", "centimetres, turned"]
)
def test_joints(
    kind: str,
    metres_per_unit: float,
    turn: np.ndarray,
    scale: float,
    add_on: Path,
    runtime: ServerProcess,
    expected: Expected,
    tmp_path: Path,
) -> None:
    port = int(runtime.endpoint.rsplit(":", 1)[1])
    matrix = np.eye(4)
    matrix[:3] = np.column_stack((turn * scale, (5, 6, 7)))
    arguments = {"zip": str(add_on), "port": port, "text": TEXT, "seconds": SECONDS, "seed": SEED, "matrix": matrix.tolist()}
    found = run(kind, "generate_reference", tmp_path, metres_per_unit=metres_per_unit, **arguments)
    for take, seed in (("one", SEED), ("two", SEED + 1)):
        joints = expected(TEXT, SECONDS, seed).world()[0]
        places = engine_axes("blender").positions(joints) / metres_per_unit @ (turn * scale).T + (5, 6, 7)
        np.testing.assert_allclose(found[take], places, atol=TOLERANCE * scale / metres_per_unit, rtol=0)
    assert np.abs(found["one"] - found["two"]).max() > 0.05 * scale / metres_per_unit
    assert found["said"]["takes"] == [f"{TEXT[:40]} #{seed}" for seed in (SEED, SEED + 1)]
    assert found["said"]["first"] == found["said"]["takes"][0]
