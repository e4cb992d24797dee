"""The controller's network: its ONNX session, and what the graph says about itself."""

import json
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from motionwire.controller import layout
from motionwire.controller.idle import Idle
from motionwire.controller.path import FASTEST, SLOWEST
from motionwire.errors import InputError

# Key in the graph's own metadata: {"styles": [...], "start_pose": [264 numbers], "fastest": m/s or not there, "idle": see Idle, or not
# there}.
METADATA = "motionwire.controller"
INPUTS = ("pose", "trajectory", "gait", "style", "phase")
OUTPUTS = ("next_pose", "root_delta", "future", "contacts", "phase_delta")  # a graph may not name an output as an input


class Sessions(Protocol):
    """What the controller needs of a bundle."""

    def session(self, graph: str, threads: int = 1) -> Any: ...


class Network:
    """The graph `controller` of a bundle. styles: names by Intent.style; start: the pose [264] of new characters; fastest: the pace, m/s,
    that its legs follow; idle: how they stand."""

    def __init__(self, bundle: Sessions) -> None:
        self._session = bundle.session("controller")
        try:
            described = json.loads(self._session.get_modelmeta().custom_metadata_map[METADATA])
            self.styles: tuple[str, ...] = tuple(described["styles"])
            self.start = np.asarray(described["start_pose"], dtype=np.float32)
            self.fastest = float(described.get("fastest", FASTEST))
            self.idle = Idle.read(described.get("idle"))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"the controller graph does not say its styles, start pose, fastest pace and idle motion ({error})") from None
        if self.start.shape != (layout.POSE,) or not np.isfinite(self.start).all() or not self.styles:
            raise InputError(f"the controller graph's start pose is not {layout.POSE} numbers, or it has no styles")
        if not SLOWEST < self.fastest <= FASTEST:
            raise InputError(f"the controller graph's fastest pace is {self.fastest:g} m/s, not above {SLOWEST:g} and at most {FASTEST:g}")

    def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """OUTPUTS from INPUTS, one row per character; from any thread."""
        outputs: list[NDArray[np.float32]] = self._session.run(OUTPUTS, dict(zip(INPUTS, inputs, strict=True)))
        return outputs
