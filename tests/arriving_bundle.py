"""The toy bundle as newer exports are: its prefill takes a goal, which shifts the hidden vector, and its cache's slots are a named axis."""

import hashlib
import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from motionwire.generator import layout
from toy_models import toy_bundle


@cache
def arriving_bundle() -> Path:
    """Folder of the bundle."""
    folder = toy_bundle().parent.parent / "arriving"  # with its text encoder, apart from the toy bundle
    shutil.copytree(toy_bundle().parent, folder)
    out = (folder / toy_bundle().name).rename(folder / "arriving")
    manifest = json.loads((out / "bundle.json").read_text())
    manifest["name"] = "arriving"
    prefill = manifest["graphs"]["text_to_motion_prefill"]
    if all(spec["name"] != "goal" for spec in prefill["inputs"]):
        _edit(out, prefill, _take_goal)
    _edit(out, manifest["graphs"]["text_to_motion_step"], _name_slots)
    (out / "bundle.json").write_text(json.dumps(manifest))
    return out


def _edit(folder: Path, entry: dict[str, Any], change: Callable[[onnx.ModelProto, dict[str, Any]], None]) -> None:
    model = onnx.load(folder / entry["file"], load_external_data=False)
    change(model, entry)
    onnx.save(model, folder / entry["file"])
    data = (folder / entry["file"]).read_bytes()
    entry["sha256"], entry["bytes"] = hashlib.sha256(data).hexdigest(), len(data)


def _take_goal(model: onnx.ModelProto, entry: dict[str, Any]) -> None:
    """hidden becomes hidden + 0.3 * mean |goal| where the mask is true."""
    graph = model.graph
    for node in graph.node:
        node.output[:] = ["hidden_before" if name == "hidden" else name for name in node.output]
    graph.input.append(helper.make_tensor_value_info("goal", TensorProto.FLOAT, ["batch", layout.GOAL_DIM]))
    graph.input.append(helper.make_tensor_value_info("goal_mask", TensorProto.BOOL, ["batch"]))
    graph.initializer.append(numpy_helper.from_array(np.array([1]), "goal_axis"))
    graph.initializer.append(numpy_helper.from_array(np.float32(0.3), "goal_scale"))
    graph.node.extend(
        [
            helper.make_node("Abs", ["goal"], ["goal_size"]),
            helper.make_node("ReduceMean", ["goal_size"], ["goal_mean"], axes=[1], keepdims=1),
            helper.make_node("Cast", ["goal_mask"], ["goal_there"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["goal_there", "goal_axis"], ["goal_column"]),
            helper.make_node("Mul", ["goal_mean", "goal_column"], ["goal_shown"]),
            helper.make_node("Mul", ["goal_shown", "goal_scale"], ["goal_shift"]),
            helper.make_node("Add", ["hidden_before", "goal_shift"], ["hidden"]),
        ]
    )
    entry["inputs"] += [
        {"name": "goal", "dtype": "float32", "shape": ["batch", layout.GOAL_DIM]},
        {"name": "goal_mask", "dtype": "bool", "shape": ["batch"]},
    ]


def _name_slots(model: onnx.ModelProto, entry: dict[str, Any]) -> None:
    del model.graph.value_info[:]
    for node, spec in zip(model.graph.input, entry["inputs"], strict=True):
        axis = 1 if node.name == "mask" else 2 if node.name.startswith(("keys_", "values_")) else None
        if axis is not None:
            node.type.tensor_type.shape.dim[axis].dim_param = spec["shape"][axis] = "slots"
