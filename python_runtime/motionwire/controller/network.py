"""The controller's network: an ONNX session of it for few characters and one for many, and what the graph says about itself."""

import json
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from motionwire.controller import layout
from motionwire.errors import InputError

METADATA = "motionwire.controller"  # key in the graph's own metadata: {"styles": [...], "start_pose": [264 numbers]}
INPUTS = ("pose", "trajectory", "gait", "style", "phase")
OUTPUTS = ("next_pose", "root_delta", "future", "contacts", "phase_delta")  # a graph may not name an output as an input
MANY = 24  # characters from which a second thread saves more than waking it takes


class Sessions(Protocol):
    """What the controller needs of a bundle."""

    def session(self, graph: str, threads: int = 1) -> Any: ...


class Network:
    """The graph `controller` of a bundle. styles: names by Intent.style; start: the pose [264] of new characters."""

    def __init__(self, bundle: Sessions, threads: int) -> None:
        self._few, self._many = bundle.session("controller"), bundle.session("controller", threads)
        try:
            described = json.loads(self._few.get_modelmeta().custom_metadata_map[METADATA])
            self.styles: tuple[str, ...] = tuple(described["styles"])
            self.start = np.asarray(described["start_pose"], dtype=np.float32)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"the controller graph does not say its styles and start pose ({error})") from None
        if self.start.shape != (layout.POSE,) or not np.isfinite(self.start).all() or not self.styles:
            raise InputError(f"the controller graph's start pose is not {layout.POSE} numbers, or it has no styles")

    def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """OUTPUTS from INPUTS, one row per character."""
        session = self._few if len(inputs[0]) < MANY else self._many
        outputs: list[NDArray[np.float32]] = session.run(OUTPUTS, dict(zip(INPUTS, inputs, strict=True)))
        return outputs
