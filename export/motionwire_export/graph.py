"""One PyTorch module to one ONNX file, compared with PyTorch before it counts.

`write_graph` is what every export_*.py calls: it exports, runs the file in onnxruntime on each of the given inputs and raises
ExportError when any output differs by more than is allowed (1e-4) relative to that output's largest value.
"""

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from motionwire.manifest import GraphEntry, TensorSpec
from motionwire_export.weights import SharedWeights

TOLERANCE = 1e-4
ROUNDING = 5e-2  # where values are rounded on the way: one that lies between two steps may go to the other one
OPSET = 17
_DTYPES = {torch.float32: "float32", torch.int64: "int64", torch.bool: "bool"}
_ONNX_DTYPES = {torch.float32: onnx.TensorProto.FLOAT, torch.int64: onnx.TensorProto.INT64, torch.bool: onnx.TensorProto.BOOL}

Inputs = dict[str, Tensor]


class Exported(NamedTuple):
    """What an exporter made of a run: the graphs' entries, and what they measure on the validation clips, by figure."""

    graphs: list[GraphEntry]
    quality: dict[str, float]


class ExportError(RuntimeError):
    """An exported graph does not do what the model does: ours, not the user's mistake."""


def write_graph(
    module: nn.Module,
    path: Path,
    samples: Sequence[Inputs],
    outputs: Sequence[str],
    *,
    axes: Mapping[str, Mapping[int, str]],
    units: Mapping[str, str] | None = None,
    opset: int = OPSET,
    tolerance: float = TOLERANCE,
    weights: SharedWeights | None = None,
    reference: nn.Module | None = None,
) -> GraphEntry:
    """Export `module` (in evaluation mode; forward takes the inputs in order) to `path` and verify it.

    samples: inputs by name, random and real ones; the first shapes the trace and should have no axis of length 1 that is
    dynamic. axes: dynamic axes by tensor name, {axis: its name}; units: by tensor name, for the manifest; tolerance: 0 for integers,
    which have to be equal; weights: where the large tensors go (the model has to be rounded to half precision then); reference: the
    model that was trained, where `module` is another form of it.
    """
    first = samples[0]
    module = module.eval()
    _export(module, path, first, outputs, axes, opset)
    if weights is not None:
        weights.move(path)
    session = ort.InferenceSession(str(path), _options(), providers=["CPUExecutionProvider"])
    for number, sample in enumerate(samples):
        compare(reference or module, session, sample, f"{path.name}, sample {number}", tolerance)
    with torch.no_grad():
        results = _as_tuple(module(*first.values()))
    return entry(
        path,
        [_spec(name, value, axes, units) for name, value in first.items()],
        [_spec(name, value, axes, units) for name, value in zip(outputs, results, strict=True)],
    )


def entry(path: Path, inputs: list[TensorSpec], outputs: list[TensorSpec]) -> GraphEntry:
    """The manifest's entry of a finished file."""
    data = path.read_bytes()
    model = onnx.load_from_string(data)  # without the weights that lie outside
    opset = max(imported.version for imported in model.opset_import if imported.domain in ("", "ai.onnx"))
    return GraphEntry(path.name, hashlib.sha256(data).hexdigest(), len(data), opset, inputs, outputs)


def compare(module: nn.Module, session: ort.InferenceSession, sample: Inputs, where: str, tolerance: float = TOLERANCE) -> float:
    """Largest error of the session's outputs relative to their size; raises ExportError beyond the tolerance."""
    with torch.no_grad():
        wanted = [value.numpy() for value in _as_tuple(module(*sample.values()))]
    found = session.run(None, {name: value.numpy() for name, value in sample.items()})
    worst = 0.0
    for output, a, b in zip(session.get_outputs(), found, wanted, strict=True):
        if a.shape != b.shape:
            raise ExportError(f"{where}: {output.name} has shape {a.shape}, PyTorch {b.shape}")
        error = _relative_error(a, b)
        worst = max(worst, error)
        if error > tolerance or not np.isfinite(error):
            raise ExportError(f"{where}: {output.name} differs from PyTorch by {error:.2e}, more than allowed")
    return worst


def _relative_error(found: NDArray[Any], wanted: NDArray[Any]) -> float:
    if wanted.size == 0:
        return 0.0
    if wanted.dtype.kind in "iub":
        return float((found != wanted).any())
    return float(np.abs(found - wanted).max() / max(np.abs(wanted).max(), 1e-6))


def _export(
    module: nn.Module, path: Path, first: Inputs, outputs: Sequence[str], axes: Mapping[str, Mapping[int, str]], opset: int
) -> None:
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # tracing warns of every Python number; the comparison below is the check
        torch.onnx.export(
            module, tuple(first.values()), str(path), input_names=list(first), output_names=list(outputs),
            dynamic_axes={name: dict(named) for name, named in axes.items()}, opset_version=opset, dynamo=False,
        )  # fmt: skip
    _keep_inputs(path, first, axes)


def _keep_inputs(path: Path, first: Inputs, axes: Mapping[str, Mapping[int, str]]) -> None:
    """Declare the inputs that the exporter dropped since nothing reads them (with one group no code is read from those before): who runs
    the graph need not know."""
    model = onnx.load(path)
    dropped = first.keys() - {node.name for node in model.graph.input}
    if not dropped:
        return
    for name, value in first.items():
        if name in dropped:
            shape = [axes.get(name, {}).get(axis, size) for axis, size in enumerate(value.shape)]
            model.graph.input.append(onnx.helper.make_tensor_value_info(name, _ONNX_DTYPES[value.dtype], shape))
    onnx.save(model, path)


def _options() -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return options


def _spec(name: str, value: Tensor, axes: Mapping[str, Mapping[int, str]], units: Mapping[str, str] | None) -> TensorSpec:
    dynamic = axes.get(name, {})
    shape: list[int | str] = [dynamic.get(axis, size) for axis, size in enumerate(value.shape)]
    return TensorSpec(name, _DTYPES[value.dtype], shape, (units or {}).get(name, ""))


def _as_tuple(value: Tensor | Sequence[Tensor]) -> tuple[Tensor, ...]:
    return (value,) if isinstance(value, Tensor) else tuple(value)
