"""The controller's graph beside its matrix products alone:  python tests/benchmarks/bench_controller_graph.py [BUNDLE]

Every product of activations and stored weights that the graph makes (MatMul, Gemm) stands alone in a second graph, fed with inputs of
the same sizes, but for those of less than a hundredth of the weights, which are none of the network's layers; both run in onnxruntime on
one and on all cores, taking turns. Prints JSON: ms per run and their ratio.
"""

import json
import os
import sys
import time

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

from motionwire.bundle import Bundle

BATCHES = (1, 100, 1000)
ROUNDS, SECONDS = 10, 0.1


def products(graph: onnx.GraphProto) -> onnx.ModelProto:
    """The graph's products with stored weights, each from an input of its own."""
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    least = sum(weight.size for weight in stored.values()) / 100
    large = {name for name, weight in stored.items() if weight.size > least}
    nodes, inputs, outputs, weights = [], [], [], []
    for number, node in enumerate(node for node in graph.node if node.op_type in ("MatMul", "Gemm") and node.input[1] in large):
        weight = stored[node.input[1]]
        if any(attribute.name == "transB" and attribute.i for attribute in node.attribute):
            weight = weight.T
        weights.append(numpy_helper.from_array(np.ascontiguousarray(weight), f"w{number}"))
        inputs.append(helper.make_tensor_value_info(f"x{number}", TensorProto.FLOAT, ["batch", *weight.shape[-2:-1]]))
        outputs.append(helper.make_tensor_value_info(f"y{number}", TensorProto.FLOAT, None))
        nodes.append(helper.make_node("MatMul", [f"x{number}", f"w{number}"], [f"y{number}"]))
    made = helper.make_graph(nodes, "products", inputs, outputs, weights)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


def session(model: bytes, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def feed(opened: ort.InferenceSession, batch: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    shapes = {node.name: [batch if isinstance(axis, str) else axis for axis in node.shape] for node in opened.get_inputs()}
    return {name: rng.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}


def main(bundle: str) -> None:
    opened = Bundle.load(bundle)
    path = opened.folder / opened.graph("controller").file
    alone = products(onnx.load(path).graph).SerializeToString()
    figures: dict[str, dict[str, float]] = {}
    for threads in sorted({1, os.cpu_count() or 1}):
        sessions = {"graph_ms": session(path.read_bytes(), threads), "products_ms": session(alone, threads)}
        for batch in BATCHES:
            feeds = {name: feed(opened, batch) for name, opened in sessions.items()}
            times: dict[str, list[float]] = {name: [] for name in sessions}
            for _ in range(ROUNDS):
                for name, one in sessions.items():
                    end = time.perf_counter() + SECONDS
                    while (begun := time.perf_counter()) < end:
                        one.run(None, feeds[name])
                        times[name].append((time.perf_counter() - begun) * 1000)
            row = {name: round(float(np.median(values)), 4) for name, values in times.items()}
            figures[f"{batch} characters, {threads} threads"] = {**row, "ratio": round(row["graph_ms"] / row["products_ms"], 3)}
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "free")
