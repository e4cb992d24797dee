"""Small bundles: 8-bit and half-precision weights, stored once for all graphs of a family.

Prefill and step are one network, and so are the whole decoder and its step: their graphs refer to the same tensors in one
`NAME.weights` file (ONNX external data). 8-bit ones lie there as they are, others as float16 with a cast back to float32, which
onnxruntime folds when it opens the graph. `round_weights` rounds the PyTorch model first, so the comparison with PyTorch stays a
strict one; what rounding costs is measured on real clips.
"""

import hashlib
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

LARGE = 1024  # elements; smaller tensors stay in the graph as they are
ALIGNMENT = 64


def round_weights(model: nn.Module) -> None:
    """Round the matrices of a model to what float16 holds, in place."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim >= 2 and parameter.numel() >= LARGE:
                parameter.copy_(parameter.half().float())


class SharedWeights:
    """The weights file of a family of graphs; `move` takes the large tensors out of one more graph file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._places: dict[str, tuple[int, int]] = {}
        path.write_bytes(b"")

    def move(self, graph_path: Path) -> None:
        """Rewrite a graph file to take its large tensors from the weights file, equal ones from the same place."""
        model = onnx.load(graph_path)
        kept, nodes = [], []
        for tensor in model.graph.initializer:
            values = numpy_helper.to_array(tensor)
            if values.dtype == np.int8 and values.size >= LARGE:
                kept.append(self._reference(tensor.name, values))
                continue
            halves = values.astype(np.float16) if values.dtype == np.float32 and values.size >= LARGE else None
            if halves is None or not np.array_equal(halves.astype(np.float32), values):
                kept.append(tensor)
                continue
            stored = f"{tensor.name}.half"
            kept.append(self._reference(stored, halves))
            nodes.append(helper.make_node("Cast", [stored], [tensor.name], to=TensorProto.FLOAT, name=f"{stored}.cast"))
        graph_nodes = [*nodes, *model.graph.node]
        del model.graph.initializer[:], model.graph.node[:]
        model.graph.initializer.extend(kept)
        model.graph.node.extend(graph_nodes)
        graph_path.write_bytes(model.SerializeToString())

    def _reference(self, name: str, values: np.ndarray) -> TensorProto:
        data = values.tobytes()
        digest = hashlib.sha256(data + str(values.shape).encode()).hexdigest()
        if digest not in self._places:
            with self.path.open("ab") as file:
                file.write(b"\0" * (-file.tell() % ALIGNMENT))
                self._places[digest] = (file.tell(), len(data))
                file.write(data)
        offset, length = self._places[digest]
        kind = helper.np_dtype_to_tensor_dtype(values.dtype)
        tensor = TensorProto(name=name, data_type=kind, dims=values.shape, data_location=TensorProto.EXTERNAL)
        for key, value in (("location", self.path.name), ("offset", str(offset)), ("length", str(length))):
            tensor.external_data.add(key=key, value=value)
        return tensor
