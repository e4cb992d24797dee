"""A controller network made by hand: it keeps the start pose and moves the root along the path ahead, so that tests know what comes."""

import json
from types import SimpleNamespace

import numpy as np

from motionwire.controller import layout
from motionwire.controller.encoding import encode
from motionwire.controller.idle import MOVED
from motionwire.controller.network import METADATA
from motionwire.motion.skeleton import JOINT_NAMES
from synthetic import walking_clip

STYLES = ("neutral", "proud")
CHEST, HEAD = JOINT_NAMES.index("spine3"), JOINT_NAMES.index("head")
IDLE = {  # head and chest turn one way while the pelvis goes to the side
    "directions": [[0.5 if i == 3 * CHEST + 1 else 1.0 if i == 3 * HEAD + 1 else 0.3 if i == MOVED - 3 else 0.0 for i in range(MOVED)]],
    "frequencies": [[0.2, 0.53]],
    "sizes": [[0.07, 0.03]],
}


class FakeNetwork:
    """Stands for a bundle and its session. `damage(outputs)` may change what the network returns."""

    def __init__(self, damage=None, **said) -> None:
        self.damage, self.said = damage, said
        self.calls = 0
        self.start = encode(walking_clip(1.0, fps=60.0))[0][30]

    def session(self, graph: str, threads: int = 1) -> "FakeNetwork":
        assert graph == "controller"
        return self

    def get_modelmeta(self) -> SimpleNamespace:
        said = {"styles": STYLES, "start_pose": [float(v) for v in self.start], "idle": IDLE, **self.said}
        return SimpleNamespace(custom_metadata_map={METADATA: json.dumps(said)})

    def run(self, names, feed):
        self.calls += 1
        positions, directions, _ = layout.unpack_trajectory(feed["trajectory"])
        first = layout.PRESENT + 1
        turn = np.arctan2(directions[:, first, 0], directions[:, first, 1]) / layout.SAMPLE_STEP
        sway = 0.01 * feed["style"][:, 1:2] * np.sin(feed["phase"])
        pose = np.tile(self.start, (len(sway), 1)) + sway
        outputs = [
            pose.astype(np.float32),
            np.concatenate((positions[:, first] / layout.SAMPLE_STEP, turn[:, None]), axis=1).astype(np.float32),
            np.zeros((len(sway), layout.FUTURE_TRAJECTORY), np.float32),
            np.zeros((len(sway), 4), np.float32),
            np.full((len(sway), 1), 0.1, np.float32),
        ]
        if self.damage is not None:
            self.damage(outputs, self.calls)
        return outputs
