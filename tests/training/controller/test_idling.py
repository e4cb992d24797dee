"""How people stand, from standing clips: the waves move as the clips do."""

import numpy as np
import pytest

from motionwire.controller.idle import Idle
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINT_NAMES
from motionwire_training.controller.clips import Take
from motionwire_training.controller.frames import COLUMNS, Frames, encode_take
from motionwire_training.controller.idling import idle_of
from training.controller.tiny_data import still_clip

HEAD = JOINT_NAMES.index("head")
SIZE = 0.2  # rad


def looking_about(seconds: float) -> Clip:
    """Stands and turns its head to and fro, slowly and, a little, fast."""
    clip = still_clip(seconds)
    time = np.arange(len(clip)) / 60
    angle = SIZE * np.sin(2 * np.pi * 0.3 * time) + SIZE / 4 * np.sin(2 * np.pi * 1.4 * time)
    clip.rotations[:, HEAD] = rot.multiply(clip.rotations[:, HEAD], rot.from_yaw(angle).astype(np.float32))
    return clip


def frames_of(clip: Clip) -> Frames:
    columns = encode_take(Take(clip, "neutral", True))
    columns |= {name: np.zeros(len(clip), int) for name in COLUMNS if name not in columns}
    return Frames(columns, (), ("neutral",))


def test_waves_have_the_size_and_the_pace_of_what_was_recorded() -> None:
    found = Idle.read(idle_of(frames_of(looking_about(40.0))))
    first = found.directions[0]
    assert np.argmax(np.abs(first)) == 3 * HEAD + 1
    turned = np.abs(found.sizes[0] * first[3 * HEAD + 1])
    bands = found.frequencies[0]
    assert turned[(bands > 0.25) & (bands < 0.5)] == pytest.approx(SIZE, rel=0.1)
    assert turned[bands > 1] == pytest.approx(SIZE / 4, rel=0.15)
    assert np.abs(found.sizes[1:, :, None] * found.directions[1:, None]).max() < 0.02


def test_nobody_who_stands_for_long_means_no_idle_motion() -> None:
    assert idle_of(frames_of(looking_about(3.0))) is None
