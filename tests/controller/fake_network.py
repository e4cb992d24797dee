"""A controller network made by hand: it keeps the start pose and moves the root along the path ahead, so that tests know what comes."""

import json
from types import SimpleNamespace

import numpy as np

from motionwire.controller import layout
from motionwire.controller.encoding import encode
from motionwire.controller.network import METADATA
from synthetic import walking_clip

STYLES = ("neutral", "proud")


class FakeNetwork:
    """Stands for a bundle and its session. `damage(outputs)` may change what the network returns."""

    def __init__(self, damage=None) -> None:
        self.damage = damage
        self.calls = 0
        self.start = encode(walking_clip(1.0, fps=60.0))[0][30]

    def session(self, graph: str, threads: int = 1) -> "FakeNetwork":
        assert graph == "controller"
        return self

    def get_modelmeta(self) -> SimpleNamespace:
        said = {"styles": STYLES, "start_pose": [float(v) for v in self.start]}
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
