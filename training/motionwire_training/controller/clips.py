"""Which clips teach the controller and what becomes of them: 60 fps on the reference skeleton, and standing frames."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.ndimage import uniform_filter1d

from motionwire.controller import layout
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.ground import levelled
from motionwire.motion.pace import pace
from motionwire.motion.resample import resample
from motionwire.motion.retarget import fit_to
from motionwire.motion.runs import runs_of
from motionwire.motion.skeleton import JOINT_NAMES
from motionwire_training.controller.actions import kind_of_action
from motionwire_training.controller.phase_labels import NO_LABELS, PhaseLabels
from motionwire_training.controller.planting import plant

COARSE_FPS = 50  # sources below this are upsampled by a cubic spline: slerp would leave steps in the velocities
SHORTEST = 40  # frames
STILL_SPEED = 0.12  # m/s, mean over the joints
HANDS_BELOW = 0.15  # m over the pelvis: hanging arms
WALKING = 1.8  # m/s, the fastest that counts as a walk
SLOWEST_RUN = 0.8  # playing speed: a run below it looks like slow motion

_WRISTS = [JOINT_NAMES.index(name) for name in ("left_wrist", "right_wrist")]


@dataclass(frozen=True, eq=False)
class Take:
    """A clip to learn from: at 60 fps on the reference skeleton; style "neutral" where the source has none.

    cycles: its phase labels [T], NaN where not labelled, None where the clip has none; made: not as it was recorded; steered: by a stick;
    mirror_ok: its mirror image may be learned from.
    """

    clip: Clip
    style: str
    standing: bool
    cycles: NDArray[np.float64] | None = None
    made: bool = False
    steered: bool = False
    mirror_ok: bool = True


def takes(
    labelled: Iterable[tuple[Clip, Mapping[str, object]]], time_scales: list[float], phases: PhaseLabels = NO_LABELS
) -> Iterator[Take]:
    """Locomotion at every time scale and the standing parts of the rest, on level ground, out of canonical clips with their labels."""
    for clip, labels in labelled:
        kind = kind_of_action(labels)
        style, mirror_ok = style_of(str(labels.get("style") or "")), bool(labels.get("mirror_ok", True))
        if kind == "locomotion":
            fitted = fit_to(clip)
            for scale in time_scales:
                if scale >= SLOWEST_RUN or pace(fitted) < WALKING:
                    made = plant(levelled(at_60_fps(replace(fitted, fps=clip.fps * scale))))
                    cycles = phases.of(clip, np.arange(len(made)) * scale / layout.FPS)
                    yield from long_enough(Take(made, style, False, cycles, mirror_ok=mirror_ok))
        elif kind == "standing":
            yield from (Take(plant(levelled(part)), style, True, mirror_ok=mirror_ok) for part in standing_parts(at_60_fps(fit_to(clip))))


def style_of(label: str) -> str:
    """The style a label means; what says nothing about how one moves is neutral."""
    return layout.NEUTRAL if label in ("", "normal", "neutral", "acted", "genuine") else label


def long_enough(take: Take) -> Iterator[Take]:
    """The take, unless it is too short to learn from."""
    if len(take.clip) >= SHORTEST:
        yield take


def at_60_fps(clip: Clip) -> Clip:
    """The clip at 60 fps, smoothly where its source is coarser."""
    if clip.fps >= COARSE_FPS or len(clip) < 4:
        return resample(clip, float(layout.FPS))
    times = np.arange(int((len(clip) - 1) * layout.FPS / clip.fps) + 1) * clip.fps / layout.FPS
    frames = np.arange(len(clip))
    rotations = CubicSpline(frames, rot.continuous(clip.rotations.astype(np.float64)))(times)
    return replace(
        clip,
        fps=float(layout.FPS),
        root_positions=CubicSpline(frames, clip.root_positions.astype(np.float64))(times).astype(np.float32),
        rotations=rot.normalize(rotations).astype(np.float32),
    )


def standing_parts(clip: Clip) -> list[Clip]:
    """The stretches of a 60 fps clip in which the figure stands still with hanging arms."""
    if len(clip) < SHORTEST:
        return []
    world, _ = clip.world()
    speed = np.linalg.norm(np.gradient(world, axis=0), axis=-1).mean(axis=1) * layout.FPS
    hanging = (world[:, _WRISTS, 1] < world[:, :1, 1] + HANDS_BELOW).all(axis=1)
    still = (uniform_filter1d(speed, 9) < STILL_SPEED) & hanging
    return [clip.slice(first, last) for first, last in runs_of(still) if last - first >= SHORTEST]
