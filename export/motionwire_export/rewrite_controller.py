"""Write the controller graphs of finished bundles anew, for bundles whose training runs are gone:

    python -m motionwire_export.rewrite_controller BUNDLE...

The weights are read back out of a graph that was exported as the network was trained (every weight under its own name), and
exported as this version exports them; what a bundle says of its controller stays.
"""

import json
import shutil
import sys
from pathlib import Path

import msgspec
import numpy as np
import onnx
import torch
from msgspec.structs import replace
from onnx import ModelProto, numpy_helper

from motionwire.bundle import Bundle
from motionwire.controller import layout
from motionwire.controller.controller import Controller
from motionwire.controller.intent import Intent
from motionwire.controller.network import INPUTS, METADATA
from motionwire.errors import InputError
from motionwire_export.assemble import write_manifest
from motionwire_export.export_controller import write_controller
from motionwire_export.graph import Inputs, compare
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.model import ControllerNetwork, build
from motionwire_training.folders import built

TURNED = "trunk.path.weight"  # the one weight, of FiLM, that PyTorch's export turns round and renames
CHARACTERS, TICKS = 32, 60  # of the frame loop that gives real inputs


def rewrite(name: str | Path) -> Bundle:
    """The bundle with its controller's graph written anew; raises InputError where that graph does not hold the trained weights."""
    bundle = Bundle.load(name)
    old = bundle.folder / bundle.graph("controller").file
    graph = onnx.load(old)
    network = network_of(graph, bundle)
    description = json.loads(next(prop.value for prop in graph.metadata_props if prop.key == METADATA))
    real = inputs_of(bundle)
    compare(network, bundle.session("controller"), real, f"{bundle.name}: the weights read back")
    with built(bundle.folder) as temporary:
        shutil.copytree(bundle.folder, temporary, dirs_exist_ok=True)
        entry = write_controller(network, description, real, temporary)
        write_manifest(replace(bundle.manifest, graphs={**bundle.manifest.graphs, "controller": entry}), temporary)
        Bundle.load(temporary)
    return Bundle.load(bundle.folder)


def network_of(graph: ModelProto, bundle: Bundle) -> ControllerNetwork:
    """The trained network in a graph."""
    config = msgspec.convert(bundle.manifest.recipe["controller"]["config"], ControllerConfig)
    network = build(config, len(bundle.manifest.styles))
    stored = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in graph.graph.initializer}
    weights = network.state_dict()
    if TURNED in weights:
        shape = weights[TURNED].shape
        turned = [value.T for name, value in stored.items() if name not in weights and value.shape == shape[::-1]]
        if len(turned) == 1:
            stored[TURNED] = turned[0]
    missing = weights.keys() - stored.keys()
    if missing:
        raise InputError(f"its controller does not hold the trained weights ({min(missing)}); export its run", bundle.folder)
    network.load_state_dict({name: stored[name] for name in weights})
    return network.eval()


class Recorder:
    """A bundle whose controller's inputs are kept."""

    def __init__(self, bundle: Bundle) -> None:
        self._session = bundle.session("controller")
        self.inputs: dict[str, np.ndarray] = {}

    def session(self, graph: str, threads: int = 1) -> "Recorder":
        """Itself: `run` goes to the session."""
        return self

    def run(self, outputs: list[str], inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
        """`InferenceSession.run`."""
        self.inputs = inputs
        return self._session.run(outputs, inputs)

    def __getattr__(self, name: str) -> object:
        return getattr(self._session, name)


def inputs_of(bundle: Bundle) -> Inputs:
    """Inputs of characters that walk, run and stand in every style, by name [CHARACTERS, ...]."""
    recorder = Recorder(bundle)
    controller = Controller(recorder)
    rng = np.random.default_rng(0)
    state = controller.create(np.zeros((CHARACTERS, 3)), np.zeros(CHARACTERS))
    angles, speeds = rng.uniform(0, 2 * np.pi, CHARACTERS), rng.uniform(0, 3, CHARACTERS) * (np.arange(CHARACTERS) % 4 > 0)
    move = (speeds[:, None] * np.stack((np.sin(angles), np.cos(angles)), axis=1)).astype(np.float32)
    intent = Intent(move, np.full(CHARACTERS, np.nan, np.float32), np.arange(CHARACTERS) % len(controller.styles))
    for _ in range(TICKS):
        controller.step(state, intent, 1 / layout.FPS)
    return {name: torch.from_numpy(recorder.inputs[name].copy()) for name in INPUTS}


if __name__ == "__main__":
    for one in sys.argv[1:]:
        print(f"{rewrite(one).folder}: controller written anew")
