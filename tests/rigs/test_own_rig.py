"""A rig of one's own, from a guessed profile: its clips are read with the profile that puts motion on it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from motionwire import formats, rigs
from motionwire.cli.convert import convert
from motionwire.errors import InputError
from motionwire.motion.clip import Clip
from motionwire.motion.profiles import detect, named
from motionwire.motion.retarget_to import from_canonical
from motionwire.motion.rig import rig_of
from motionwire.rigs.guess import guess
from motionwire.rigs.write import to_toml
from synthetic import walking_clip


@pytest.fixture
def take(tmp_path: Path) -> Path:
    """A BVH on a rig that no built-in profile knows, and its profile beside it."""
    clip = from_canonical(walking_clip(), rig_of(named("ue5")))
    names = tuple(name.replace("thigh", "UpLeg") for name in clip.skeleton.names)
    path = tmp_path / "take.bvh"
    formats.write(replace(clip, skeleton=replace(clip.skeleton, names=names)), path)
    (tmp_path / "hero.toml").write_text(to_toml(guess(path), path, tmp_path))
    return path


def assert_walks(clip: Clip) -> None:
    walk = walking_clip()
    np.testing.assert_allclose(clip.world()[0], walk.world()[0], atol=1e-3)


def test_clips_of_the_rig_are_read(take: Path) -> None:
    with pytest.raises(InputError, match=r"unknown rig.*--from-rig"):
        formats.read_canonical(take)
    assert_walks(formats.read_canonical(take, named("unity"), rigs.profile(take.with_name("hero.toml"))))


def test_ones_own_profile_comes_before_a_built_in_one() -> None:
    own = replace(named("ue5"), name="own")
    skeleton = rig_of(named("ue5")).skeleton
    assert detect(skeleton, own=[own]) is own
    assert detect(skeleton).name == "ue5"


@pytest.mark.parametrize("target", ["canonical.npz", "canonical.bvh"])
def test_convert_reads_the_rig(take: Path, target: str) -> None:
    out = take.with_name(target)
    convert(take, out, from_rig=str(take.with_name("hero.toml")))
    assert_walks(formats.read_canonical(out))
