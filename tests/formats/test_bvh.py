"""BVH reading: what it understands, and that everything it cannot is refused with the file and the line."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from motion_files import BVH_CHANNELS, BVH_HIERARCHY, bvh_text, bvh_values
from motionwire.errors import InputError
from motionwire.formats import bvh, bvh_hierarchy


def quaternions(degrees: np.ndarray, order: str = "ZXY") -> np.ndarray:
    return Rotation.from_euler(order, degrees, degrees=True).as_quat()


def same_rotation(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.all(np.abs(np.sum(a * b, axis=-1)) > 1 - 1e-6))


def test_reads_names_tree_offsets_rate_and_end_sites() -> None:
    clip = bvh.parse(bvh_text(), "folder/walk.bvh")
    assert clip.name == "walk"
    assert clip.fps == 30.0
    assert clip.skeleton.names == ("Hips", "Spine", "Head", "Leg")
    assert clip.skeleton.parents == (-1, 0, 1, 0)
    np.testing.assert_array_equal(clip.skeleton.offsets[2], (0, 5, 1))
    assert clip.skeleton.end_sites == {2: (0.0, 2.0, 0.0), 3: (0.0, -8.0, 0.0)}
    assert clip.translations is None


def test_rotations_compose_in_channel_order() -> None:
    values = bvh_values(50)
    clip = bvh.parse(bvh_text(values), "x")
    np.testing.assert_allclose(clip.root_positions, values[:, :3], rtol=1e-6)
    for joint in range(4):
        assert same_rotation(clip.rotations[:, joint], quaternions(values[:, 3 + 3 * joint : 6 + 3 * joint]))


@pytest.mark.parametrize("order", ["".join(axes) for axes in itertools.permutations("XYZ")])
def test_every_rotation_order(order: str) -> None:
    channels = " ".join(f"{axis}rotation" for axis in order)
    values = bvh_values(20)
    clip = bvh.parse(bvh_text(values, BVH_HIERARCHY.replace("Zrotation Xrotation Yrotation", channels)), "x")
    assert same_rotation(clip.rotations[:, 1], quaternions(values[:, 6:9], order))


def test_channels_in_any_mixture() -> None:
    hierarchy = """HIERARCHY
ROOT a
{ OFFSET 1 2 3 CHANNELS 3 Yrotation Zposition Xrotation
  JOINT b { OFFSET 4 5 6 CHANNELS 2 Zrotation Yposition
    JOINT c { OFFSET 7 8 9 CHANNELS 0 End Site { OFFSET 0 0 0 } } }
  JOINT d { OFFSET 1 1 1 End Site { OFFSET 0 0 1 } } }
"""
    clip = bvh.parse(bvh_text(np.array([[90.0, -5, 30, 45, 11]]), hierarchy), "x")
    np.testing.assert_array_equal(clip.root_positions[0], (1, 2, -5))  # axes without a channel keep the OFFSET
    assert clip.translations is not None
    np.testing.assert_array_equal(clip.translations[0], [(1, 2, -5), (4, 11, 6), (7, 8, 9), (1, 1, 1)])
    assert same_rotation(clip.rotations[0, 0], quaternions(np.array([90.0, 30]), "YX"))
    assert same_rotation(clip.rotations[0, 1], quaternions(np.array(45.0), "Z"))
    np.testing.assert_array_equal(clip.rotations[0, 2:], [(0, 0, 0, 1)] * 2)


def test_position_channels_replace_the_offset() -> None:
    hierarchy = BVH_HIERARCHY.replace("OFFSET 0 0 0\n", "OFFSET 3 90 -400\n", 1)
    values = bvh_values(3)
    np.testing.assert_allclose(bvh.parse(bvh_text(values, hierarchy), "x").root_positions, values[:, :3], rtol=1e-6)


def test_a_root_without_position_channels_stays_at_its_offset() -> None:
    hierarchy = "HIERARCHY ROOT a { OFFSET 1 2 3 CHANNELS 1 Xrotation End Site { OFFSET 0 0 0 } }\n"
    np.testing.assert_array_equal(bvh.parse(bvh_text(np.array([[5.0], [6.0]]), hierarchy), "x").root_positions, [(1, 2, 3)] * 2)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.replace(b"\n", b"\r"),
        lambda text: text.replace(b" ", b"\t"),
        lambda text: text.replace(b"\n", b" \n\n"),
        lambda text: text.replace(b" ", b"   "),
        lambda text: b"\xef\xbb\xbf" + text.rstrip(),
        lambda text: text.replace(b"Frames:", b"frames :").replace(b"MOTION", b"Motion"),
        lambda text: text.replace(b"ROOT", b"root").replace(b"JOINT", b"Joint").replace(b"rotation", b"ROTATION"),
    ],
    ids=["crlf", "cr", "tabs", "blank lines", "wide gaps", "byte order mark", "spaced header", "letter case"],
)
def test_spellings_of_the_same_file(change) -> None:
    expected = bvh.parse(bvh_text(), "x")
    clip = bvh.parse(change(bvh_text()), "x")
    np.testing.assert_array_equal(clip.rotations, expected.rotations)
    np.testing.assert_array_equal(clip.root_positions, expected.root_positions)


def test_number_spellings_that_json_refuses() -> None:
    rows = b"+1.0 .5 1e-3 -.25 5. 007 1E+1 -0 0.0 -1.5e-2 1 2 3 4 5\n"
    clip = bvh.parse(bvh_text(np.zeros((0, BVH_CHANNELS)), frames=1) + rows, "x")
    np.testing.assert_allclose(clip.root_positions[0], (1.0, 0.5, 1e-3), rtol=1e-6)
    assert same_rotation(clip.rotations[0, 0], quaternions(np.array([-0.25, 5.0, 7.0])))


def test_frames_wrapped_over_lines() -> None:
    head, _, rows = bvh_text().partition(b"0.0333333\n")
    wrapped = head + b"0.0333333\n" + b"\n".join(rows.split())
    np.testing.assert_array_equal(bvh.parse(wrapped, "x").rotations, bvh.parse(bvh_text(), "x").rotations)


def test_a_file_longer_than_one_chunk() -> None:
    values = bvh_values(bvh.CHUNK // BVH_CHANNELS * 2 + 5)
    clip = bvh.parse(bvh_text(values), "x")
    np.testing.assert_allclose(clip.root_positions, values[:, :3], rtol=1e-6)


@pytest.mark.parametrize(
    ("written", "fps"), [("0.0333333", 30), (".0083333", 120), ("0.008333", 120), ("0.041708", 1 / 0.041708), ("0.04", 25)]
)
def test_frame_rates(written: str, fps: float) -> None:
    assert bvh.parse(bvh_text(frame_time=written), "x").fps == fps


ROWS = bvh_values()
FIRST_ROW = bvh_text().count(b"\n") - 3  # line number of frame 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "the file is empty"),
        (b" \n\t\n", "the file is empty"),
        (b"\x00\x01\x02", "HIERARCHY"),
        (b"HIERARCHY\n", "ends where ROOT"),
        (b"HIERARCHY\nROOT a\n{\n OFFSET 0 0", "line 4: the file ends"),
        (bvh_text()[:150], "the file ends"),
        (bvh_text()[: bvh_text().index(b"MOTION")], "ends where MOTION"),
        (bvh_text()[: bvh_text().index(b"Frame Time")], "Frame Time"),
        (bvh_text()[:-40], f"line {FIRST_ROW + 3}: frame 3: "),
        (bvh_text(frames=5), "cannot fit into|announces 5 frames, the file holds 4"),
        (bvh_text(frames=3), "announces 3 frames, the file holds 4"),
        (bvh_text(frames=10**9), "1000000000 frames of 15 numbers cannot fit"),
        (bvh_text(frames="9" * 5000), "not a count of frames"),
        (bvh_text(frames=0), "not a count of frames above zero"),
        (bvh_text(frames=-4), "not a count of frames above zero"),
        (bvh_text(frames="4.0"), "not a count of frames above zero"),
        (bvh_text(ROWS[:0]), "not a count of frames above zero"),
        (bvh_text(frame_time=0), "frame time 0 s"),
        (bvh_text(frame_time="-0.03"), "frame time -0.03 s"),
        (bvh_text(frame_time="nan"), "frame time 'nan'"),
        (bvh_text(frame_time="1e-320"), "frame time"),
        (bvh_text(ROWS[:, :14]), f"line {FIRST_ROW}: frame 0: 14 numbers instead of 15"),
        (bvh_text(np.hstack((ROWS, ROWS[:, :1]))), "16 numbers instead of 15"),
        (bvh_text(np.where(np.arange(15) == 7, np.nan, ROWS)), f"line {FIRST_ROW}: frame 0: 'nan'"),
        (bvh_text(np.where(np.arange(15) == 7, np.inf, ROWS)), "'inf' is not a number"),
        (bvh_text().replace(b"Spine", b"Sp\xffne"), "line 6: joint name .* is not UTF-8"),
        (bvh_text().replace(b"Spine", b"Hips"), "line 6: joint name 'Hips' occurs twice"),
        (bvh_text().replace(b"Spine", b"Sp\x07ne"), "not printable"),
        (bvh_text().replace(b"Spine", b"S" * 300), "longer than"),
        (bvh_text().replace(b"JOINT Spine", b"JOINT"), "empty"),
        (bvh_text().replace(b"MOTION", b"ROOT Second\n{\nOFFSET 0 0 0\nCHANNELS 0\n}\nMOTION"), "second ROOT"),
        (bvh_text().replace(b"CHANNELS 6", b"CHANNELS 7"), "0 to 6 channels"),
        (bvh_text().replace(b"CHANNELS 6", b"CHANNELS 5"), "line 5: .*Yrotation"),
        (bvh_text().replace(b"CHANNELS 3 Z", b"CHANNELS 4 Z"), "is not a channel; 4 were announced"),
        (bvh_text().replace(b"Zrotation Xrotation", b"Zrotation Zrotation"), "occurs twice"),
        (bvh_text().replace(b"Zrotation", b"Wrotation"), "'Wrotation' is not a channel"),
        (bvh_text().replace(b"OFFSET 0 10 0", b"OFFSET 0 nan 0"), "line 8: an OFFSET"),
        (bvh_text().replace(b"OFFSET 0 10 0", b"OFFSET 0 10"), "line 9: an OFFSET"),
        (bvh_text().replace(b"    OFFSET 0 10 0\n", b""), "'Spine' has no OFFSET"),
        (b"HIERARCHY ROOT a { OFFSET 0 0 0 }\nMOTION\nFrames: 1000000000\nFrame Time: 1\n", "no joint has a channel"),
    ],
)  # fmt: skip
def test_damage_is_refused_with_its_place(text: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        bvh.parse(text, "bad.bvh")
    assert str(caught.value).startswith("bad.bvh: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("number", ["1_000", "0x10", "1,5", "1e999", "1e30", "--1", "1.2.3", "true", "null", "\u0663", "[1]", "1e", "."])
def test_hostile_numbers_are_refused(number: str) -> None:
    row = " ".join([*["0"] * 9, number, *["0"] * 5])
    with pytest.raises(InputError, match=f"line {FIRST_ROW + 4}: frame 4: "):
        bvh.parse(bvh_text(frames=5) + row.encode() + b"\n", "x")


def nested(depth: int) -> bytes:
    opening = b"".join(b"JOINT j%d { OFFSET 0 0 0 CHANNELS 1 Xrotation\n" % index for index in range(1, depth))
    head = b"HIERARCHY ROOT j0 { OFFSET 0 0 0 CHANNELS 1 Xrotation\n" + opening + b"}" * depth
    return head + b"\nMOTION\nFrames: 1\nFrame Time: 0.1\n" + b"0 " * depth


def test_nesting_and_joint_count_are_limited() -> None:
    assert len(bvh.parse(nested(bvh_hierarchy.MAX_DEPTH), "x").skeleton) == bvh_hierarchy.MAX_DEPTH
    with pytest.raises(InputError, match="nest deeper"):
        bvh.parse(nested(100_000), "x")
    wide = b"".join(b"JOINT j%d { OFFSET 0 0 0 }\n" % index for index in range(bvh_hierarchy.MAX_JOINTS))
    with pytest.raises(InputError, match="more than 4096 joints"):
        bvh.parse(b"HIERARCHY ROOT r { OFFSET 0 0 0 CHANNELS 1 Xrotation\n" + wide + b"}", "x")


def test_many_joints_times_many_frames_are_refused_before_they_are_allocated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bvh, "MAX_POSES", 15)
    with pytest.raises(InputError, match="more than 15 poses"):
        bvh.parse(bvh_text(), "x")


@settings(max_examples=300, deadline=None)
@given(
    position=st.integers(0, len(bvh_text()) - 1),
    removed=st.integers(0, 60),
    inserted=st.one_of(
        st.binary(max_size=12), st.sampled_from([b"{", b"}", b"nan", b"\n", b"1e400", b"JOINT x {", b"MOTION", b"End Site"])
    ),
)
def test_mutated_files_read_or_raise_input_error(position: int, removed: int, inserted: bytes) -> None:
    text = bvh_text()
    try:
        clip = bvh.parse(text[:position] + inserted + text[position + removed :], "x")
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert np.isfinite(clip.world()[0]).all()
