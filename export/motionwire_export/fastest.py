"""How fast a controller's legs follow: what its data never showed, a network has glide with both feet in the air."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnxruntime as ort

from motionwire.controller import layout
from motionwire.controller.controller import Controller
from motionwire.controller.foot_lock import LOCK
from motionwire.controller.intent import Intent
from motionwire.controller.path import FASTEST
from motionwire.controller.settings import Settings

SURE = 2.0  # m/s: no limit is set below, whatever the network does
STEP = 0.25  # m/s
SET_OFF, LOOKED_AT = 2.0, 3.0  # s
CHARACTERS = 24  # at each pace at least; each sets off from another heading, ...
HEADINGS = 1.0  # ... up to so far, rad, from where it goes


def fastest(graph: Path) -> float:
    """The fastest straight pace, m/s, SURE to FASTEST, up to which both feet of a third of the characters at least come down, of all styles
    of a controller's graph together: beyond what its data shows it is those of none within half a metre per second."""
    session = ort.InferenceSession(graph, providers=["CPUExecutionProvider"])
    controller = Controller(SimpleNamespace(session=lambda name, threads=1: session), Settings(foot_lock=False))
    paces = np.arange(SURE, FASTEST + STEP / 2, STEP)
    styles = np.arange(len(controller.styles))
    headings = np.linspace(-HEADINGS, HEADINGS, -(-CHARACTERS // len(styles)))
    pace, style, heading = (each.ravel() for each in np.meshgrid(paces, styles, headings, indexing="ij"))
    intent = Intent(np.stack((0 * pace, pace), axis=1), np.full(pace.shape, np.nan), style)
    state = controller.create(np.zeros((len(pace), 3)), heading)
    highest = np.zeros((len(pace), 2))  # contact of each foot
    for frame in range(round((SET_OFF + LOOKED_AT) * layout.FPS)):
        poses = controller.step(state, intent)
        if frame >= SET_OFF * layout.FPS:
            highest = np.maximum(highest, poses.contacts.reshape(len(pace), 2, 2).max(axis=2))
    follow = (highest > LOCK).all(axis=1).reshape(len(paces), -1).mean(axis=1) > 1 / 3
    return float(paces[-1] if follow.all() else paces[max(int(np.argmin(follow)) - 1, 0)])
