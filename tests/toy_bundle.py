"""A bundle whose controller graph is a formula: the root follows the path that is asked for, the pose stays as it starts."""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from motionwire.controller import layout
from motionwire.motion import rotations as rot
from motionwire.motion.kinematics import forward_kinematics
from motionwire.motion.skeleton import JOINT_NAMES, JOINTS, PARENTS, REFERENCE

STYLES = ("neutral", "tired")
INPUTS = {"pose": layout.POSE, "trajectory": layout.TRAJECTORY, "gait": 3, "style": len(STYLES), "phase": 1}
OUTPUTS = {"next_pose": layout.POSE, "root_delta": 3, "future": layout.FUTURE_TRAJECTORY, "contacts": 4, "phase_delta": 1}


def start_pose() -> np.ndarray:
    """The T-pose as a pose vector [264]."""
    identity = np.tile(rot.IDENTITY, (JOINTS, 1))
    positions, _ = forward_kinematics(REFERENCE, identity, REFERENCE.offsets[0])
    return np.concatenate((positions.ravel(), np.zeros(JOINTS * 3), rot.to_6d(identity).ravel())).astype(np.float32)


def write_controller(path: Path) -> None:
    """root_delta: a tenth of the way to the sample 1/6 s ahead; contacts follow the phase; the phase runs at 1 Hz while walking."""
    constants = {
        "ahead": np.array([2 * (layout.PRESENT + 1)]),
        "ahead_end": np.array([2 * (layout.PRESENT + 1) + 2]),
        "axis": np.array([1]),
        "zero_at": np.array([0]),
        "future_end": np.array([layout.FUTURE_TRAJECTORY]),
        "one_at": np.array([1]),
        "two_at": np.array([2]),
        "tenth": np.array([0.1], np.float32),
        "nothing": np.array([0.0], np.float32),
        "stride": np.array([2 * np.pi / 60], np.float32),
        "signs": np.array([[8.0, 8.0, -8.0, -8.0]], np.float32),
    }
    node = helper.make_node
    nodes = [
        node("Identity", ["pose"], ["next_pose"]),
        node("Slice", ["trajectory", "ahead", "ahead_end", "axis"], ["place"]),
        node("Mul", ["place", "tenth"], ["step"]),
        node("Mul", ["phase", "nothing"], ["turn"]),
        node("Concat", ["step", "turn"], ["root_delta"], axis=1),
        node("Slice", ["trajectory", "zero_at", "future_end", "axis"], ["future"]),
        node("Cos", ["phase"], ["swing"]),
        node("Mul", ["swing", "signs"], ["planted"]),
        node("Sigmoid", ["planted"], ["contacts"]),
        node("Slice", ["gait", "one_at", "two_at", "axis"], ["walking"]),
        node("Mul", ["walking", "stride"], ["phase_delta"]),
    ]
    graph = helper.make_graph(
        nodes,
        "controller",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", size]) for name, size in INPUTS.items()],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", size]) for name, size in OUTPUTS.items()],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    described = {"styles": STYLES, "start_pose": start_pose().tolist()}
    helper.set_model_props(model, {"motionwire.controller": json.dumps(described)})
    onnx.save(model, path)


def write(folder: Path) -> Path:
    """The bundle's folder, with a controller and no generator."""
    folder.mkdir(parents=True, exist_ok=True)
    graph = folder / "controller.onnx"
    write_controller(graph)

    def tensors(sizes: dict[str, int]) -> list[dict[str, object]]:
        return [{"name": name, "dtype": "float32", "shape": ["batch", size]} for name, size in sizes.items()]

    data = graph.read_bytes()
    manifest = {
        "format_version": 1,
        "name": "toy",
        "version": "1",
        "licence": "Apache-2.0",
        "commercial_use": True,
        "training_data": [],
        "skeleton": {"names": JOINT_NAMES, "parents": PARENTS, "offsets": REFERENCE.offsets.tolist()},
        "fps": {"controller": 60, "generator": 30},
        "styles": STYLES,
        "graphs": {
            "controller": {
                "file": graph.name,
                "sha256": hashlib.sha256(data).hexdigest(),
                "bytes": len(data),
                "opset": 15,
                "inputs": tensors(INPUTS),
                "outputs": tensors(OUTPUTS),
            }
        },
    }
    (folder / "bundle.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
