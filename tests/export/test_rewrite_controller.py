"""The controller of a finished bundle written anew: the same function in another graph, once."""

import dataclasses
import hashlib
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from msgspec.structs import replace

import toy_bundle
from motionwire.bundle import Bundle
from motionwire.controller import layout
from motionwire.controller.network import INPUTS, OUTPUTS
from motionwire.errors import InputError
from motionwire_export.assemble import write_manifest
from motionwire_export.export_controller import OPSET, UNITS
from motionwire_export.graph import write_graph
from motionwire_export.rewrite_controller import inputs_of, rewrite
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.model import ControllerNetwork, build

CONFIG = ControllerConfig(data="d", out="o", licence="free", hidden=16, recall=0.99)


def trained(config: ControllerConfig) -> ControllerNetwork:
    """A network none of whose numbers is the one that it begins with."""
    torch.manual_seed(0)
    network = build(config, len(toy_bundle.STYLES))
    for name, value in network.state_dict().items():
        value.add_(0.02 * torch.randn_like(value))
        if name.endswith("_std"):
            value.uniform_(0.05, 0.2)
    network.pose_mean.copy_(torch.from_numpy(toy_bundle.start_pose()))
    network.pose_low.copy_(network.pose_mean - 1)
    network.pose_high.copy_(network.pose_mean + 0.5)
    return network


@pytest.fixture(params=["film", "pfnn"])
def bundle(request: pytest.FixtureRequest, tmp_path: Path) -> Bundle:
    """A bundle whose controller is exported as it was trained."""
    config = dataclasses.replace(CONFIG, architecture=request.param)
    made = Bundle.load(toy_bundle.write(tmp_path / "toy"))
    description = onnx.load(made.folder / "controller.onnx").metadata_props
    path = made.folder / "controller.onnx"
    sizes = (layout.POSE, layout.TRAJECTORY, len(layout.GAITS), len(toy_bundle.STYLES), 1)
    sample = {name: torch.randn(3, size) for name, size in zip(INPUTS, sizes, strict=True)}
    axes = {name: {0: "characters"} for name in (*INPUTS, *OUTPUTS)}
    entry = write_graph(trained(config), path, [sample], OUTPUTS, axes=axes, units=UNITS, opset=OPSET)
    graph = onnx.load(path)
    graph.metadata_props.extend(description)
    onnx.save(graph, path)
    entry = replace(entry, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), bytes=path.stat().st_size)
    manifest = replace(made.manifest, graphs={"controller": entry}, recipe={"controller": {"config": asdict(config)}})
    write_manifest(replace(manifest, styles=list(toy_bundle.STYLES)), made.folder)
    return Bundle.load(made.folder)


def test_the_new_graph_is_the_same_function(bundle: Bundle) -> None:
    inputs = {name: value.numpy() for name, value in inputs_of(bundle).items()}
    old = bundle.session("controller").run(list(OUTPUTS), inputs)
    assert len({value.tobytes() for value in old[0]}) > 1, "the bounds must not decide everything"
    again = rewrite(bundle.folder)
    new = again.session("controller").run(list(OUTPUTS), inputs)
    for name, a, b in zip(OUTPUTS, old, new, strict=True):
        np.testing.assert_allclose(b, a, atol=1e-5 * np.abs(a).max(), err_msg=name)
    operators = {node.op_type for node in onnx.load(again.folder / "controller.onnx").graph.node}
    assert not operators & {"Elu", "Slice", "Div", "Where"}
    assert again.manifest.recipe == bundle.manifest.recipe
    with pytest.raises(InputError, match="export its run"):
        rewrite(bundle.folder)


def test_a_broken_graph_is_not_taken(bundle: Bundle) -> None:
    path = bundle.folder / "controller.onnx"
    before = path.read_bytes()
    config = {**bundle.manifest.recipe["controller"]["config"], "pose_influence": 0.9}
    other = replace(bundle.manifest, recipe={"controller": {"config": config}})
    write_manifest(other, bundle.folder)
    with pytest.raises(RuntimeError, match="weights read back"):
        rewrite(bundle.folder)
    assert path.read_bytes() == before
    assert ort.InferenceSession(before)
