"""Plots of a clip over time: how fast the feet go, when they touch, the phase of the steps, and how far the joints bend."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.line_chart import Curve, Panel, draw_chart
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import CONTACT_JOINTS, CONTACT_NAMES, soft_contacts
from motionwire.motion.phase import soft_phase
from motionwire.motion.skeleton import JOINT_NAMES
from motionwire.render import LEFT, MIDDLE, RIGHT

FASTEST = 1.0  # m/s, least height of the axis
BENT = ("knee", "elbow", "hip", "ankle", "shoulder")
COLOURS = {"left": LEFT, "right": RIGHT}


def plot(clip: Clip, path: str | Path) -> None:
    """Write the plots of a canonical clip as PNG; raises InputError for any other clip, extension, or one of a single frame."""
    if Path(path).suffix.lower() != ".png":
        raise InputError(f"plots are .png, not {Path(path).suffix!r}", path)
    if len(clip) < 2:
        raise InputError("a single frame has nothing to plot over time", clip.name or None)
    contacts = soft_contacts(clip)
    seconds = np.arange(len(clip)) / clip.fps
    draw_chart(
        [
            _foot_speed(clip, seconds),
            Panel("foot contacts", bars=[(name, contacts[:, row], _side(name)) for row, name in enumerate(CONTACT_NAMES)]),
            _phase(contacts, clip.fps, seconds),
            *(_angles(clip, part, seconds) for part in BENT),
        ],
        Path(path),
        0.0,
        float(seconds[-1]),
        "s",
    )


def _foot_speed(clip: Clip, seconds: NDArray[np.floating]) -> Panel:
    feet = clip.world()[0][:, CONTACT_JOINTS].astype(np.float64)
    speed = np.linalg.norm(np.gradient(feet, 1 / clip.fps, axis=0), axis=-1).reshape(-1, 2, 2).min(axis=-1)
    highest = max(FASTEST, float(speed.max()))
    curves = [Curve(seconds, speed[:, foot], colour, side) for foot, (side, colour) in enumerate(COLOURS.items())]
    return Panel("foot speed, the slower of heel and toe, m/s", curves, 0.0, highest, [(0.25, "0.25"), (highest, f"{highest:.1f}")])


def _phase(contacts: NDArray[np.floating], fps: float, seconds: NDArray[np.floating]) -> Panel:
    phase, confidence = soft_phase(contacts, fps)
    broken = np.where(np.abs(np.diff(phase, prepend=phase[:1])) > np.pi, np.nan, phase / (2 * np.pi))
    curves = [Curve(seconds, broken, MIDDLE, "phase"), Curve(seconds, confidence, LEFT, "sure")]
    return Panel("phase of the steps, cycles, and how sure it is", curves, levels=[(0.0, "0"), (1.0, "1")], height=70)


def _angles(clip: Clip, part: str, seconds: NDArray[np.floating]) -> Panel:
    """How far left and right joint are turned from the T-pose."""
    angles = {
        side: np.degrees(
            rot.angle_between(rot.IDENTITY.astype(np.float64), clip.rotations[:, JOINT_NAMES.index(f"{side}_{part}")].astype(np.float64))
        )
        for side in COLOURS
    }
    highest = max(60.0, *(float(values.max()) for values in angles.values()))
    curves = [Curve(seconds, angles[side], colour, side) for side, colour in COLOURS.items()]
    return Panel(f"{part}s, degrees from the T-pose", curves, 0.0, highest, [(0.0, "0"), (highest, f"{highest:.0f}")], height=60)


def _side(name: str) -> tuple[int, int, int]:
    return LEFT if name.startswith("left") else RIGHT
