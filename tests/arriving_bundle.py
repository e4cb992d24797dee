"""The toy bundle under a name and in a folder of its own; its prefill takes a goal and its cache's slots are a named axis."""

import hashlib
import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import onnx

from toy_models import toy_bundle


@cache
def arriving_bundle() -> Path:
    """Folder of the bundle."""
    folder = toy_bundle().parent.parent / "arriving"  # with its text encoder, apart from the toy bundle
    shutil.copytree(toy_bundle().parent, folder)
    out = (folder / toy_bundle().name).rename(folder / "arriving")
    manifest = json.loads((out / "bundle.json").read_text())
    manifest["name"] = "arriving"
    _edit(out, manifest["graphs"]["text_to_motion_step"], _name_slots)
    (out / "bundle.json").write_text(json.dumps(manifest))
    return out


def _edit(folder: Path, entry: dict[str, Any], change: Callable[[onnx.ModelProto, dict[str, Any]], None]) -> None:
    model = onnx.load(folder / entry["file"], load_external_data=False)
    change(model, entry)
    onnx.save(model, folder / entry["file"])
    data = (folder / entry["file"]).read_bytes()
    entry["sha256"], entry["bytes"] = hashlib.sha256(data).hexdigest(), len(data)


def _name_slots(model: onnx.ModelProto, entry: dict[str, Any]) -> None:
    del model.graph.value_info[:]
    for node, spec in zip(model.graph.input, entry["inputs"], strict=True):
        axis = 1 if node.name == "mask" else 2 if node.name.startswith(("keys_", "values_")) else None
        if axis is not None:
            node.type.tensor_type.shape.dim[axis].dim_param = spec["shape"][axis] = "slots"
