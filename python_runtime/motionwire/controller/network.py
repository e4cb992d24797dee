"""The controller's network: its ONNX session, and what the graph says about itself."""

from typing import Annotated, Any, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from motionwire.controller import layout
from motionwire.controller.idle import Idle
from motionwire.controller.path import FASTEST, SLOWEST
from motionwire.errors import InputError

METADATA = "motionwire.controller"  # key in the graph's own metadata, of Described as JSON
INPUTS = ("pose", "trajectory", "gait", "style", "phase")
FARTHEST = 1e3  # m, m/s: numbers of a pose beyond it are nobody's
OUTPUTS = ("next_pose", "root_delta", "future", "contacts", "phase_delta")  # a graph may not name an output as an input


class Sessions(Protocol):
    """What the controller needs of a bundle."""

    def session(self, graph: str, threads: int = 1) -> Any: ...


Number = Annotated[float, msgspec.Meta(ge=-FARTHEST, le=FARTHEST)]


class Described(msgspec.Struct, frozen=True):
    """What a graph says of itself: names of its styles, the pose [264] of new characters, the pace, m/s, that its legs follow, and how
    they stand (see Idle)."""

    styles: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    start_pose: Annotated[list[Number], msgspec.Meta(min_length=layout.POSE, max_length=layout.POSE)]
    fastest: float = FASTEST
    idle: dict[str, Any] | None = None


class Network:
    """The graph `controller` of a bundle. styles: names by Intent.style; start: the pose [264] of new characters; fastest: the pace, m/s,
    that its legs follow; idle: how they stand."""

    def __init__(self, bundle: Sessions) -> None:
        self._session = bundle.session("controller")
        try:
            described = msgspec.json.decode(self._session.get_modelmeta().custom_metadata_map[METADATA], type=Described)
            self.idle = Idle.read(described.idle)
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise InputError(f"the controller graph does not say its styles, start pose, fastest pace and idle motion ({error})") from None
        self.styles, self.fastest = described.styles, described.fastest
        self.start = np.asarray(described.start_pose, dtype=np.float32)
        if not SLOWEST < self.fastest <= FASTEST:
            raise InputError(f"the controller graph's fastest pace is {self.fastest:g} m/s, not above {SLOWEST:g} and at most {FASTEST:g}")

    def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """OUTPUTS from INPUTS, one row per character; from any thread."""
        outputs: list[NDArray[np.float32]] = self._session.run(OUTPUTS, dict(zip(INPUTS, inputs, strict=True)))
        return outputs
