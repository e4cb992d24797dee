"""8-bit products: near the trained layer, the same in onnxruntime, and every row's own whatever stands beside it."""

from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from torch import nn

from motionwire_export.graph import write_graph
from motionwire_export.int8 import Int8Linear
from motionwire_export.weights import SharedWeights

AXES = {"x": {0: "batch", 1: "length"}, "y": {0: "batch", 1: "length"}}


def layer(bias: bool = True) -> tuple[nn.Linear, Int8Linear]:
    torch.manual_seed(0)
    trained = nn.Linear(96, 64, bias=bias).requires_grad_(False)
    return trained, Int8Linear(trained)


def test_a_product_loses_little() -> None:
    x = torch.randn(3, 5, 96) * torch.tensor([0.01, 1.0, 100.0])[:, None, None]
    for bias in (True, False):
        trained, rounded = layer(bias)
        error = (rounded(x) - trained(x)).square().mean(dim=(1, 2)).sqrt() / trained(x).square().mean(dim=(1, 2)).sqrt()
        assert (error < 0.02).all() and (error > 0).all()


def test_the_largest_weights_and_values_are_exact() -> None:
    trained = nn.Linear(4, 2, bias=False).requires_grad_(False)
    trained.weight.copy_(torch.tensor([[0.5, 0.0, -0.5, 0.0], [0.0, 0.0, 0.0, 0.0]]))
    x = torch.tensor([[[2.0, 0.0, -2.0, 2.0]], [[0.0, 0.0, 0.0, 0.0]]])
    torch.testing.assert_close(Int8Linear(trained)(x), trained(x))


def test_the_graph_does_the_same_row_by_row(tmp_path: Path) -> None:
    _, rounded = layer()
    x = torch.randn(6, 3, 96)
    x[2] = 0
    weights = SharedWeights(tmp_path / "w.weights")
    write_graph(rounded, tmp_path / "w.onnx", [{"x": x}], ["y"], axes=AXES, weights=weights)
    assert weights.path.stat().st_size == 64 * 96, "a byte a weight"
    session = ort.InferenceSession(str(tmp_path / "w.onnx"), providers=["CPUExecutionProvider"])
    (together,) = session.run(None, {"x": x.numpy()})
    for row in range(len(x)):
        assert np.array_equal(session.run(None, {"x": x.numpy()[row : row + 1]})[0], together[row : row + 1])


def test_sums_of_two_products_fit_16_bits() -> None:
    """Of an unsigned activation and a weight each: processors without VNNI would cut off what does not fit."""
    _, rounded = layer()
    assert 2 * 255 * int(rounded.weight.abs().max()) < 2**15
