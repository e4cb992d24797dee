"""ASF/AMC: forward kinematics by the book against ours, layout of the skeleton, and refusals."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from motion_files import AMC, ASF
from motionwire.errors import InputError
from motionwire.formats import asf_amc, bvh


def test_each_joint_is_the_start_of_its_bone() -> None:
    clip = asf_amc.parse(ASF, AMC, "x.amc")
    assert clip.skeleton.names == ("root", "hipjoint", "femur", "tibia")
    np.testing.assert_allclose(clip.skeleton.offsets, [(0, 0, 0), (0, 0, 0), (1.2, -1.6, 0), (0, -7, 0)], atol=1e-6)
    assert clip.skeleton.end_sites == {3: (0.0, -8.0, 0.0)}  # the direction is not of unit length in the file
    assert (clip.fps, len(clip), clip.translations) == (120.0, 2, None)


def test_positions_follow_the_format_description() -> None:
    """A bone's tip is its start plus W * direction * length, W = W_parent * C * M * C^-1, angles about fixed axes."""
    positions, _ = asf_amc.parse(ASF, AMC, "x.amc", fps=60).world()
    root = Rotation.from_euler("xyz", (10, 20, 30), degrees=True)  # lower case: fixed axes, x first
    frame = Rotation.from_euler("xyz", (0, 0, 20), degrees=True)
    femur = root * frame * Rotation.from_euler("xyz", (5, -6, 7), degrees=True) * frame.inv()
    hip = np.array((1, 17, 3)) + root.apply((1.2, -1.6, 0))
    knee = hip + femur.apply((0, -7, 0))
    np.testing.assert_allclose(positions[0], [(1, 17, 3), (1, 17, 3), hip, knee], atol=2e-6)


def test_a_bones_own_axis_order_and_radians() -> None:
    clip = asf_amc.parse(ASF, AMC, "x.amc")
    frame = Rotation.from_euler("zyx", (30, 20, 10), degrees=True)
    expected = (frame * Rotation.from_euler("x", 40, degrees=True) * frame.inv()).as_quat()
    assert abs(np.dot(clip.rotations[0, 3], expected)) > 1 - 1e-6
    in_radians = AMC.replace(b":DEGREES", b":RADIANS").replace(b"tibia 40", b"tibia 0.6981317")
    np.testing.assert_allclose(asf_amc.parse(ASF, in_radians, "x").rotations[0, 3], clip.rotations[0, 3], atol=1e-6)


def write_pair(folder: Path, asf: str, amc: str = "02_01.amc") -> Path:
    (folder / asf).write_bytes(ASF)
    (folder / amc).write_bytes(AMC)
    return folder / amc


@pytest.mark.parametrize("asf", ["02.asf", "02_01.asf", "02.ASF", "anything.asf"])
def test_finds_its_skeleton(tmp_path: Path, asf: str) -> None:
    assert asf_amc.read(write_pair(tmp_path, asf)).name == "02_01"


def test_prefers_its_subject_and_refuses_to_guess(tmp_path: Path) -> None:
    path = write_pair(tmp_path, "02.asf")
    (tmp_path / "03.asf").write_bytes(b"not this one")
    assert len(asf_amc.read(path)) == 2
    (tmp_path / "02.asf").rename(tmp_path / "04.asf")
    with pytest.raises(InputError, match="no skeleton"):
        asf_amc.read(path)


@pytest.mark.parametrize(
    ("asf", "amc", "said"),
    [
        (b"", AMC, "no :root section"),
        (ASF[:160], AMC, "no :bonedata section"),
        (ASF.replace(b"name femur", b"name f\xffmur"), AMC, "not UTF-8"),
        (ASF.replace(b"name femur", b"name tibia"), AMC, "'tibia' occurs twice"),
        (ASF.replace(b"name femur", b"name root"), AMC, "'root' occurs twice"),
        (ASF.replace(b"length 7", b"length nan"), AMC, r"line 25: length: 'nan'"),
        (ASF.replace(b"0 0 20  XYZ", b"0 0 20  XXZ"), AMC, "axis order 'xxz'"),
        (ASF.replace(b"dof rx ry rz", b"dof rx ry l"), AMC, "degree of freedom 'l'"),
        (ASF.replace(b"dof rx ry rz", b"dof rx rx rx"), AMC, "occurs twice"),
        (ASF.replace(b"angle deg", b"angle gon"), AMC, "angle unit"),
        (ASF.replace(b"femur tibia", b"femur femur"), AMC, "'femur' has two parents or is its own"),
        (ASF.replace(b"femur tibia", b""), AMC, "'tibia' has no place"),
        (ASF.replace(b"femur tibia", b"femur shin"), AMC, "no bone 'shin'"),
        (ASF, b"", "no frames"),
        (ASF, b":DEGREES\n1\n", "line 2: a frame is its number"),
        (ASF, AMC.replace(b"femur 5 -6 7", b"femur 5 -6"), "line 6: frame 0: 'femur 5 -6' stands where bone 'femur' with 3"),
        (ASF, AMC.replace(b"tibia 41", b"tibia nan"), "frame 1: 'nan'"),
        (ASF, AMC.replace(b"tibia 41\n", b""), "frame 1 is incomplete"),
        (ASF, AMC.replace(b"tibia 41", b"femur 1 2 3"), "frame 1: .* stands where bone 'tibia'"),
        (ASF, AMC.replace(b"tibia", b"shin"), "bone 'shin' is not in the skeleton"),
        (ASF, AMC.replace(b"tibia", b"hipjoint"), "'hipjoint' has no degree of freedom"),
        (ASF, AMC + b"surplus", "frame 2"),
    ],
)
def test_damage_is_refused_with_its_place(asf: bytes, amc: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        asf_amc.parse(asf, amc, "bad.amc", asf_name="bad.asf")
    assert str(caught.value).startswith("bad.a")
    assert "\n" not in str(caught.value)


@settings(max_examples=200, deadline=None)
@given(
    which=st.booleans(),
    position=st.floats(0, 1, exclude_max=True),
    removed=st.integers(0, 60),
    inserted=st.one_of(st.binary(max_size=12), st.sampled_from([b"\n1\n", b"root", b"1e999", b"end", b":hierarchy\n"])),
)
def test_mutated_files_read_or_raise_input_error(which: bool, position: float, removed: int, inserted: bytes) -> None:
    files = [ASF, AMC]
    place = int(position * len(files[which]))
    files[which] = files[which][:place] + inserted + files[which][place + removed :]
    try:
        clip = asf_amc.parse(*files, "x")
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert np.isfinite(clip.world()[0]).all()


@pytest.mark.shared_data
def test_agrees_with_the_bvh_of_the_same_trial(sample_clip) -> None:
    """CMU 02_01 in both forms. The BVH has one T-pose frame first, and no thorax bone: what hangs above it is compared relative
    to that bone's ends."""
    amc, other = asf_amc.read(sample_clip("cmu_amc")), bvh.read(sample_clip("cmu_bvh"))
    metres = 0.0254 / 0.45
    ours, theirs = amc.world()[0] * metres, other.world()[0][1:] * metres
    below = {"root": "Hips", "lfemur": "LeftUpLeg", "ltibia": "LeftLeg", "lfoot": "LeftFoot", "rtoes": "RightToeBase", "thorax": "Spine1"}
    above = {"head": "Head", "lhumerus": "LeftArm", "lradius": "LeftForeArm", "rwrist": "RightHand"}
    for names, (base, other_base) in ((below, (None, None)), (above, ("lowerneck", "Neck"))):
        a = ours[:, [amc.skeleton.index(name) for name in names]]
        b = theirs[:, [other.skeleton.index(name) for name in names.values()]]
        if base is not None:
            a = a - ours[:, [amc.skeleton.index(base)]]
            b = b - theirs[:, [other.skeleton.index(other_base)]]
        assert np.linalg.norm(a - b, axis=-1).max() < 0.001
