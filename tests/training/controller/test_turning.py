"""Turns on the spot made of a walk and a stand: the figure turns, stays where it is and ends standing."""

import numpy as np

from motionwire.controller.encoding import encode
from motionwire_training.controller.turning import RATES, TRAVEL, turn_on_the_spot
from synthetic import walking_clip
from training.controller.tiny_data import still_clip

WALK = 1.2  # m/s


def test_a_turn_stays_on_its_spot_and_ends_standing() -> None:
    rng = np.random.default_rng(0)
    made = [turn_on_the_spot(walking_clip(6.0, fps=60.0, speed=WALK), still_clip(1.5), rng) for _ in range(16)]
    turns = [clip for clip in made if clip is not None]
    signs = set()
    for clip in turns:
        _, track = encode(clip)
        rate = np.diff(track.headings) * clip.fps
        assert np.abs(rate[-20:]).max() < 1e-3, "it ends standing"
        assert np.abs(rate).max() < 1.1 * RATES[1]
        assert np.abs(track.headings[-1] - track.headings[0]) > 0.3
        signs.add(float(np.sign(track.headings[-1] - track.headings[0])))
        away = np.linalg.norm(clip.root_positions[:, [0, 2]] - clip.root_positions[0, [0, 2]], axis=1)
        assert away.max() < TRAVEL[1] * WALK * clip.seconds
    assert signs == {-1.0, 1.0}


def test_what_is_too_fast_or_too_short_gives_no_turn() -> None:
    rng = np.random.default_rng(0)
    assert turn_on_the_spot(walking_clip(6.0, fps=60.0, speed=2.6, stride_hz=1.4), still_clip(1.5), rng) is None
    assert turn_on_the_spot(walking_clip(0.7, fps=60.0, speed=1.0), still_clip(1.5), rng) is None
