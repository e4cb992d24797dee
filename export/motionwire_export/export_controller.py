"""Export the controller: one graph, `controller.onnx`, opset 15, with its styles and start pose in the graph's metadata."""

import json
from pathlib import Path
from typing import Any

import onnx
import torch
from safetensors.torch import load_file

from motionwire.controller.network import INPUTS, METADATA, OUTPUTS
from motionwire.errors import InputError
from motionwire.manifest import GraphEntry
from motionwire_export.fastest import fastest
from motionwire_export.film_graph import FilmGraph
from motionwire_export.graph import Exported, Inputs, entry, write_graph
from motionwire_export.pfnn_graph import PfnnGraph
from motionwire_training.controller.film import FilmTrunk
from motionwire_training.controller.load import load_controller
from motionwire_training.controller.model import ControllerNetwork

OPSET = 15  # engines' own ONNX runtimes (Unity Sentis, Unreal NNE) stop here
FILE = "controller.onnx"
UNITS = {
    "pose": "positions m, velocities m/s, rotations 6D; in the root's frame",
    "trajectory": "positions m, directions, speeds m/s; 12 samples",
    "gait": "shares of stand, walk, run",
    "style": "one-hot",
    "phase": "rad",
    "next_pose": "as pose, one frame later",
    "root_delta": "dx m, dz m, dyaw rad a frame",
    "future": "positions m, directions, speeds m/s; 6 samples",
    "contacts": "probability: left heel, left toe, right heel, right toe",
    "phase_delta": "rad a frame",
}


def export(run_dir: Path, out_dir: Path) -> Exported:
    """Write the graph of a controller run into `out_dir`, compared with PyTorch on random and on real inputs."""
    trained = load_controller(run_dir)
    try:
        real = load_file(Path(run_dir) / "sample.safetensors")
    except OSError as error:
        raise InputError(f"no sample of real inputs ({error})", run_dir) from None
    described = {key: trained.description.get(key) for key in ("styles", "start_pose", "idle")}
    return Exported([write_controller(trained.network, described, {name: real[name] for name in INPUTS}, Path(out_dir))], {})


def write_controller(network: ControllerNetwork, description: dict[str, Any], real: Inputs, out_dir: Path) -> GraphEntry:
    """Write a network's graph into `out_dir`. description: styles, start pose and idle motion, to which the fastest pace is added; real:
    inputs as the run time gives them, [B, ...] each, B > 1."""
    generator = torch.Generator().manual_seed(0)
    random = {name: torch.randn(value.shape, generator=generator) for name, value in real.items()}
    path = out_dir / FILE
    axes = {name: {0: "characters"} for name in (*real, *OUTPUTS)}
    module = FilmGraph(network) if isinstance(network.trunk, FilmTrunk) else PfnnGraph(network)
    written = write_graph(module, path, [real, random], OUTPUTS, axes=axes, units=UNITS, opset=OPSET, reference=network)
    _describe(path, description)
    _describe(path, {**description, "fastest": fastest(path)})
    return entry(path, written.inputs, written.outputs)


def _describe(path: Path, description: dict[str, Any]) -> None:
    graph = onnx.load(path)
    onnx.helper.set_model_props(graph, {METADATA: json.dumps(description)})
    onnx.save(graph, path)
