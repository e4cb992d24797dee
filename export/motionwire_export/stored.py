"""Weights read back out of exported graphs, under the names that they have in the networks that were trained.

PyTorch's exporter keeps the names of most parameters. A layer's weights that it turns round get a number instead; the node that multiplies
by them tells whose they are. 8-bit weights and halves come back as float32.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import GraphProto, numpy_helper
from torch import Tensor

from motionwire.errors import InputError

Values = dict[str, NDArray[np.generic]]

NUMBERED = re.compile(r"onnx::\w+_\d+")
HALF, QUANTISED = ".half", "_quantized"
MODEL = "model."  # how names begin where the graph is one method of the network


def read_weights(paths: Sequence[Path], wanted: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Those tensors of the graphs that are called as in `wanted`, a state_dict that also tells their shapes; raises InputError, which names
    the first that no graph holds."""
    found: dict[str, Tensor] = {}
    for path in paths:
        graph = onnx.load(path).graph
        values = values_of(graph)
        for name, value in values.items():
            _keep(found, wanted, name if name in wanted else name.removeprefix(MODEL), value)
        for scope, value in numbered(graph, values):
            missing = [name for name in wanted if name not in found and f".{name}".endswith(f".{scope}.weight")]
            if len(missing) == 1:
                _keep(found, wanted, missing[0], value.T)
    absent = sorted(wanted.keys() - found.keys())
    if absent:
        raise InputError(f"does not hold {absent[0]} as it was trained: not a graph of this version", paths[0])
    return found


def _keep(found: dict[str, Tensor], wanted: Mapping[str, Tensor], name: str, value: NDArray[np.generic]) -> None:
    if name in wanted and value.shape == tuple(wanted[name].shape):
        found.setdefault(name, torch.from_numpy(np.array(value, order="C")))


def values_of(graph: GraphProto) -> Values:
    """The graph's tensors by name, rounded ones as float32: [outputs, inputs] those of `Int8Linear`, the others as they lie there."""
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    out: Values = {}
    for name, value in stored.items():
        scale = stored.get(f"{name.removesuffix('weight')}scale")
        if name.endswith(HALF):
            out[name.removesuffix(HALF)] = value.astype(np.float32)
        elif name.endswith(QUANTISED):
            plain = name.removesuffix(QUANTISED)
            offset = stored[f"{plain}_zero_point"].astype(np.float32)
            out[plain] = (value.astype(np.float32) - offset) * stored[f"{plain}_scale"]
        elif value.dtype == np.int8 and scale is not None:
            out[name] = value.T.astype(np.float32) * scale[:, None]
        else:
            out[name] = value
    return out


def numbered(graph: GraphProto, values: Values) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """The numbered matrices, [inputs, outputs], each with the name of the layer that multiplies by it."""
    for node in graph.node:
        for name in node.input:
            plain = name.removesuffix(QUANTISED)
            if "MatMul" in node.op_type and NUMBERED.fullmatch(plain) and plain in values:
                yield _layer(node.name), values[plain]


def _layer(node: str) -> str:
    """The layer of a node: /blocks.0/mix/MatMul is of blocks.0.mix, /goal_in/goal_in.2/MatMul of goal_in.2."""
    parts = node.strip("/").split("/")[:-1]
    kept = [part for part, below in zip(parts, [*parts[1:], ""], strict=True) if not below.startswith(f"{part}.")]
    return ".".join(kept)
