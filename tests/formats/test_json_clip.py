"""JSON clips: the documented layout, the skeleton files beside it, and refusals."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motionwire.errors import InputError
from motionwire.formats import json_clip
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import REFERENCE, canonical
from synthetic import walking_clip

IDENTITY_ROWS = [1, 0, 0, 0, 1, 0]


def frame(bones: int = 22, yaw: float = 0.0, velocity: tuple[float, float] = (0.0, 0.0), left: float = 1.0, right: float = 1.0) -> dict:
    return {
        "RootYaw": yaw,
        "RootVelocityXY": list(velocity),
        "BoneRotations": [IDENTITY_ROWS] * bones,
        "FootEvidence": {"L": {"soft_contact_score": left}, "R": {"soft_contact_score": right}},
    }


def document(frames: list[dict], fps: object = 60) -> bytes:
    return json.dumps({"FPS": fps, "Frames": frames}).encode()


def test_velocity_is_seen_in_the_heading_left_then_forward() -> None:
    quarter = np.pi / 2  # facing +X, so forward is +X and left is -Z
    frames = [frame(yaw=quarter), frame(yaw=quarter, velocity=(0, 6)), frame(yaw=quarter, velocity=(3, 0))]
    clip = json_clip.parse(document(frames), "x")
    assert (clip.fps, clip.skeleton.is_canonical) == (60.0, True)
    np.testing.assert_allclose(clip.root_positions[:, [0, 2]], [(0, 0), (0.1, 0), (0.1, -0.05)], atol=1e-6)
    np.testing.assert_allclose(rot.yaw_of(clip.rotations[:, 0]), quarter, atol=1e-6)


def test_rotations_are_the_first_two_rows() -> None:
    turned = frame()
    turned["BoneRotations"] = [IDENTITY_ROWS] * 21 + [[0, -1, 0, 1, 0, 0]]  # +90 degrees about Z
    clip = json_clip.parse(document([turned]), "x")
    np.testing.assert_allclose(clip.rotations[0, 21], (0, 0, np.sqrt(0.5), np.sqrt(0.5)), atol=1e-6)


def test_height_comes_from_the_contacting_foot() -> None:
    standing = json_clip.parse(document([frame(), frame(left=0, right=0), frame()]), "x")
    np.testing.assert_allclose(standing.root_positions[:, 1], REFERENCE.offsets[0, 1], atol=1e-6)
    walk = walking_clip(seconds=3, turn=0.4)
    read = json_clip.parse(json_clip.to_bytes(walk), "x")
    assert np.abs(read.root_positions[:, 1] - walk.root_positions[:, 1]).max() < 0.02


def test_round_trip_with_its_skeleton(tmp_path: Path) -> None:
    walk = walking_clip(seconds=2, turn=0.7)
    small = Clip(canonical(walk.skeleton.offsets * 0.8), walk.fps, walk.root_positions * 0.8, walk.rotations)
    json_clip.write(small, tmp_path / "walk.json")
    assert {path.name for path in tmp_path.iterdir()} == {"walk.json", "walk.hierarchy.json", "walk.offsets.json"}
    read = json_clip.read(tmp_path / "walk.json")
    np.testing.assert_array_equal(read.skeleton.offsets, small.skeleton.offsets)
    assert rot.angle_between(read.rotations, small.rotations).max() < 1e-5
    path = small.root_positions - small.root_positions[0]
    np.testing.assert_allclose((read.root_positions - read.root_positions[0])[:, [0, 2]], path[:, [0, 2]], atol=1e-4)
    assert (read.fps, len(read), read.name) == (small.fps, len(small), "walk")


def test_keys_are_the_documented_ones() -> None:
    written = msgspec.json.decode(json_clip.to_bytes(walking_clip(seconds=0.1)))
    assert set(written) == {"FPS", "Frames"}
    assert set(written["Frames"][0]) == {"RootYaw", "RootVelocityXY", "BoneRotations", "FootEvidence"}
    assert set(written["Frames"][0]["FootEvidence"]["L"]) == {"soft_contact_score"}


def write_with_skeleton(folder: Path, hierarchy: object, offsets: object, bones: int = 2) -> Path:
    (folder / "a.json").write_bytes(document([frame(bones)]))
    (folder / "a.hierarchy.json").write_text(json.dumps(hierarchy))
    (folder / "a.offsets.json").write_text(json.dumps(offsets))
    return folder / "a.json"


HIERARCHY = {"Bones": [{"Name": "hip", "Parent": None}, {"Name": "knee", "Parent": "hip"}]}
OFFSETS = {"Offsets": {"hip": [0, 1, 0], "knee": [0, -0.5, 0]}}


def test_any_hierarchy_beside_the_clip(tmp_path: Path) -> None:
    clip = json_clip.read(write_with_skeleton(tmp_path, HIERARCHY, OFFSETS))
    assert (clip.skeleton.names, clip.skeleton.parents) == (("hip", "knee"), (-1, 0))
    np.testing.assert_allclose(clip.world()[0][0, :, 1], (0.5, 0), atol=1e-6)  # the lowest joint stands on the ground


@pytest.mark.parametrize(
    ("hierarchy", "offsets", "bones", "said"),
    [
        (HIERARCHY, OFFSETS, 3, "a.json: 3 bones, but the hierarchy has 2"),
        ({"Bones": []}, OFFSETS, 2, "at least one joint"),
        ({"Bones": [*HIERARCHY["Bones"], {"Name": "x", "Parent": "y"}]}, OFFSETS, 2, "a.hierarchy.json: parent 'y'"),
        ({"Bones": [*HIERARCHY["Bones"], {"Name": "hip", "Parent": "hip"}]}, OFFSETS, 3, "occurs twice"),
        ({"Bones": [*HIERARCHY["Bones"], {"Name": "x", "Parent": "hip"}]}, OFFSETS, 3, "a.offsets.json: no offset for bone 'x'"),
        (HIERARCHY, {"Offsets": {"hip": [0, 1, 0], "knee": [0, 1]}}, 2, "a.offsets.json: "),
        (HIERARCHY, {"Offsets": {"hip": [0, 1, 0], "knee": [0, 1, 1e30]}}, 2, "beyond 1e9"),
        ([], OFFSETS, 2, "a.hierarchy.json: "),
    ],
)
def test_skeleton_files_that_do_not_fit(tmp_path: Path, hierarchy: object, offsets: object, bones: int, said: str) -> None:
    with pytest.raises(InputError, match=said):
        json_clip.read(write_with_skeleton(tmp_path, hierarchy, offsets, bones))


def test_one_skeleton_file_without_the_other(tmp_path: Path) -> None:
    path = write_with_skeleton(tmp_path, HIERARCHY, OFFSETS)
    (tmp_path / "a.offsets.json").unlink()
    with pytest.raises(InputError, match=r"a\.offsets\.json: cannot read"):
        json_clip.read(path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "bad.json: "),
        (b"[1, 2", "bad.json: "),
        (b"\xff\xfe", "bad.json: "),
        (b"[" * 100_000, "bad.json: "),
        (document([frame()])[:-40], "bad.json: "),
        (document([]), "no frames"),
        (document([frame()], fps=0), "frame rate"),
        (document([frame()], fps=-30), "frame rate"),
        (document([frame()], fps="60"), r"\$\.FPS"),
        (document([frame(), {"RootYaw": 0}]), r"\$\.Frames\[1\]"),
        (document([frame(), frame(21)]), "frame 1: 21 bone rotations, the first frame has 22"),
        (document([frame(21)]), "21 bones and no hierarchy"),
        (document([frame(0)]), "at least one frame and one bone"),
        (document([frame(), frame(yaw=1e300)]), "frame 1: root_yaw"),
        (document([frame(yaw=float("nan"))]), "bad.json: "),
        (document([frame()]).replace(b"[1, 0, 0, 0, 1, 0]", b"[1, 0, 0, 2, 0, 0]", 1), "frame 0: bone 'pelvis' has two parallel"),
        (document([frame()]).replace(b"[1, 0, 0, 0, 1, 0]", b"[1, 0, 0, 0, 1]", 1), r"BoneRotations"),
    ],
)
def test_damage_is_refused_with_its_place(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        json_clip.parse(data, "bad.json")
    assert "\n" not in str(caught.value)


@settings(max_examples=200, deadline=None)
@given(position=st.floats(0, 1, exclude_max=True), removed=st.integers(0, 60), inserted=st.binary(max_size=12))
def test_mutated_files_read_or_raise_input_error(position: float, removed: int, inserted: bytes) -> None:
    data = document([frame(), frame(velocity=(0.1, 1.5), yaw=0.3)])
    place = int(position * len(data))
    try:
        clip = json_clip.parse(data[:place] + inserted + data[place + removed :], "x")
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert np.isfinite(clip.world()[0]).all()
