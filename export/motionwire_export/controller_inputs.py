"""What a controller's network is fed in the frame loop: real inputs for the parity checks, of a bundle whose data is not at hand."""

import numpy as np
import torch

from motionwire.bundle import Bundle
from motionwire.controller import layout
from motionwire.controller.controller import Controller
from motionwire.controller.intent import Intent
from motionwire.controller.network import INPUTS
from motionwire_export.graph import Inputs

CHARACTERS, TICKS = 32, 60


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
