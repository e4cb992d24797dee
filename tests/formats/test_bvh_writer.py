"""BVH writing: what comes back is what was written."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion_files import bvh_text
from motionwire.errors import InputError
from motionwire.formats import bvh, bvh_writer
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.retarget import to_canonical
from motionwire.motion.skeleton import Skeleton
from synthetic import walking_clip


def assert_same_motion(read: Clip, written: Clip, factor: float = 1.0) -> None:
    """Same world motion joint by joint, whatever the order of the joints."""
    joints = [read.skeleton.index(name) for name in written.skeleton.names]
    positions, rotations = read.world()
    expected_positions, expected_rotations = written.world()
    size = max(1.0, float(np.abs(expected_positions).max()))
    np.testing.assert_allclose(positions[:, joints] / factor, expected_positions, atol=2e-6 * size)
    assert rot.angle_between(rotations[:, joints], expected_rotations).max() < 5e-6
    assert read.fps == pytest.approx(written.fps, rel=1e-9)


@pytest.mark.parametrize("order", ["xyz", "xzy", "yxz", "yzx", "zxy", "zyx"])
def test_canonical_clip_in_centimetres(order: str) -> None:
    clip = walking_clip(seconds=2, turn=0.8)
    read = bvh.parse(bvh_writer.to_bytes(clip, order=order), "x")
    assert set(read.skeleton.names) == set(clip.skeleton.names)
    assert_same_motion(read, clip, bvh_writer.CENTIMETRES)


def test_the_written_file_is_a_rig_we_know(tmp_path: Path) -> None:
    clip = walking_clip(seconds=2, turn=-0.5)
    bvh_writer.write(clip, tmp_path / "walk.bvh")
    back = to_canonical(bvh.read(tmp_path / "walk.bvh"))
    np.testing.assert_allclose(back.world()[0], clip.world()[0], atol=1e-4)  # 0.1 mm
    assert rot.angle_between(back.rotations, clip.rotations).max() < 1e-5


def test_other_clips_keep_units_end_sites_and_animated_translations() -> None:
    clip = bvh.parse(bvh_text(hierarchy=bvh_text().split(b"MOTION")[0].decode()), "x")
    moving = np.random.default_rng(3).normal(size=(len(clip), len(clip.skeleton), 3)).astype(np.float32)
    clip = Clip(clip.skeleton, 24.0, clip.root_positions, clip.rotations, moving)
    read = bvh.parse(bvh_writer.to_bytes(clip), "x")
    assert read.skeleton.end_sites == clip.skeleton.end_sites
    assert read.translations is not None
    np.testing.assert_allclose(read.translations[:, 1:], moving[:, 1:], atol=1e-6)
    assert_same_motion(read, clip)


def test_leaves_get_an_end_site_and_euler_angles_do_not_jump() -> None:
    turns = rot.from_yaw(np.linspace(0, 20, 200))[:, None].astype(np.float32)
    text = bvh_writer.to_bytes(Clip(Skeleton(("a",), (-1,), [[0, 2, 0]]), 30, np.zeros((200, 3)), turns), order="yxz").decode()
    assert "End Site" in text and "OFFSET 0.000000 1.000000 0.000000" in text
    yaws = [float(line.split()[3]) for line in text.splitlines()[-200:]]
    assert max(np.abs(np.diff(yaws))) < 10


def test_a_somersault_is_one_angle_that_grows() -> None:
    turns = rot.from_axis_angle((1, 0, 0), np.radians(3.0 * np.arange(61)))[:, None].astype(np.float32)
    text = bvh_writer.to_bytes(Clip(Skeleton(("a",), (-1,), [[0, 2, 0]]), 30, np.zeros((61, 3)), turns)).decode()
    angles = np.array([line.split()[3:] for line in text.splitlines()[-61:]], float)
    np.testing.assert_allclose(angles, np.outer(3.0 * np.arange(61), (0, 1, 0)), atol=1e-3)


@pytest.mark.parametrize("name", ["", "a{b", "a\nb", " a", "a  b"])
def test_names_that_bvh_cannot_hold(name: str) -> None:
    clip = Clip(Skeleton((name,), (-1,), [[0, 0, 0]]), 30, np.zeros((1, 3)), np.array([[[0, 0, 0, 1]]]))
    with pytest.raises(InputError, match=r"x\.bvh: BVH cannot hold the joint name"):
        bvh_writer.to_bytes(clip, name="x.bvh")


@st.composite
def clips(draw: st.DrawFn) -> Clip:
    """Any tree of up to 8 joints, any rotations, with or without animated translations."""
    joints = draw(st.integers(1, 8))
    parents = (-1, *(draw(st.integers(0, joint - 1)) for joint in range(1, joints)))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    frames = draw(st.integers(1, 5))
    skeleton = Skeleton(tuple(f"joint {index}" for index in range(joints)), parents, random.normal(size=(joints, 3)) * 10)
    rotations = rot.normalize(random.normal(size=(frames, joints, 4)))
    translations = random.normal(size=(frames, joints, 3)) if draw(st.booleans()) else None
    return Clip(skeleton, draw(st.floats(0.5, 1000)), random.normal(size=(frames, 3)) * 50, rotations, translations)


@settings(deadline=None)
@given(clip=clips(), order=st.sampled_from(["xyz", "zxy", "yzx", "zyx"]))
def test_round_trip_of_any_clip(clip: Clip, order: str) -> None:
    read = bvh.parse(bvh_writer.to_bytes(clip, order=order), "x")
    joints = [read.skeleton.index(name) for name in clip.skeleton.names]
    assert rot.angle_between(read.rotations[:, joints], clip.rotations).max() < 5e-6
    np.testing.assert_allclose(read.root_positions, clip.root_positions, atol=2e-5)
    assert read.fps == pytest.approx(clip.fps, rel=1e-4)
