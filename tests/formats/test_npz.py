"""NPZ clips and the reading of NPY/NPZ without trust."""

import io
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motionwire.errors import InputError
from motionwire.formats import npz
from motionwire.formats.npy import load_npy, load_npz
from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import REFERENCE
from synthetic import walking_clip

INTERCHANGE = ("rot6d", "angvel", "root_yaw", "root_vel", "soft_contacts")


def members(**changes: object) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(npz.to_bytes(walking_clip(seconds=1, turn=0.5))), allow_pickle=False) as archive:
        return {**archive, **changes}


def packed(arrays: dict) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **{key: value for key, value in arrays.items() if value is not None})
    return stream.getvalue()


NO_FRAMES = {"rot6d": np.zeros((0, 22, 6)), "root_yaw": np.zeros(0), "root_positions": None} | dict.fromkeys(
    ("root_vel", "soft_contacts"), np.zeros((0, 2))
)
ARRAYS = [
    np.arange(6).reshape(2, 3),
    np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.array(3.5),
    np.zeros((0, 3)),
    np.array(["a", "bc"]),
]


def npy(array: np.ndarray, allow_pickle: bool = False) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=allow_pickle)
    return stream.getvalue()


def test_round_trip_is_whole(tmp_path: Path) -> None:
    walk = walking_clip(seconds=3, fps=59.94, turn=-0.6)
    npz.write(walk, tmp_path / "walk.npz")
    read = npz.read(tmp_path / "walk.npz")
    np.testing.assert_array_equal(read.root_positions, walk.root_positions)
    np.testing.assert_array_equal(read.skeleton.offsets, walk.skeleton.offsets)
    assert (read.skeleton.names, read.skeleton.parents, read.fps) == (walk.skeleton.names, walk.skeleton.parents, walk.fps)
    assert np.degrees(rot.angle_between(read.rotations, walk.rotations).max()) < 1e-4


def test_shapes_and_units() -> None:
    walk = walking_clip(seconds=2, speed=1.3)
    arrays = load_npz(npz.to_bytes(walk), "x")
    frames = len(walk)
    assert [arrays[key].shape for key in INTERCHANGE] == [(frames, 22, 6), (frames, 22, 3), (frames,), (frames, 2), (frames, 2)]
    np.testing.assert_allclose(arrays["root_vel"][1:], np.tile((0, 1.3), (frames - 1, 1)), atol=1e-4)
    np.testing.assert_allclose(arrays["angvel"][:-1, 4], rot.angular_velocity(walk.rotations, walk.fps)[:-1, 4], atol=1e-3)
    assert arrays["soft_contacts"].min() >= 0 and arrays["soft_contacts"].max() <= 1


def test_the_interchange_keys_alone_are_enough() -> None:
    walk = walking_clip(seconds=1, fps=60, turn=0.5)
    arrays = load_npz(npz.to_bytes(walk), "x")
    read = npz.parse(packed({key: arrays[key] for key in INTERCHANGE}), "x")
    assert read.fps == 60
    np.testing.assert_array_equal(read.skeleton.offsets, REFERENCE.offsets)
    start = walk.root_positions - walk.root_positions[0]
    np.testing.assert_allclose(read.root_positions[:, [0, 2]], start[:, [0, 2]], atol=1e-4)
    assert np.abs(read.root_positions[:, 1] - walk.root_positions[:, 1]).max() < 0.02


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rot6d": None}, "no member 'rot6d'"),
        ({"root_vel": None}, "no member 'root_vel'"),
        ({"rot6d": np.zeros((30, 22, 5))}, "member 'rot6d' is float64 of shape"),
        ({"rot6d": np.zeros((30, 22, 6))}, "frame 0: bone 'pelvis' has two parallel or zero rows"),
        (NO_FRAMES, "at least one frame"),
        ({"root_yaw": np.zeros(29)}, "member 'root_yaw'"),
        ({"root_yaw": np.full(30, np.nan)}, "member 'root_yaw' holds NaN"),
        ({"root_positions": np.full((30, 3), np.inf)}, "member 'root_positions' holds NaN, infinity"),
        ({"root_yaw": np.array(["x"] * 30)}, "member 'root_yaw' is <U1"),
        ({"fps": np.array(0.0)}, "frame rate"),
        ({"fps": np.array([30.0])}, "member 'fps'"),
        ({"parents": np.zeros(22, dtype=np.int32)}, "parents must come before"),
        ({"names": np.array(["a"] * 22)}, "occurs twice"),
        ({"offsets": None}, "no member 'offsets'"),
    ],
)  # fmt: skip
def test_members_that_do_not_fit(changes: dict, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        npz.parse(packed(members(**changes)), "bad.npz")
    assert str(caught.value).startswith("bad.npz: ")


class Bomb:
    """Unpickling this would create a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_pickled_objects_are_refused_unread(tmp_path: Path) -> None:
    stream = io.BytesIO()
    np.savez(stream, **members(rot6d=np.array([Bomb(tmp_path / "boom")], dtype=object)))
    with pytest.raises(InputError, match=r"bad\.npz: rot6d\.npy: holds pickled Python objects"):
        npz.parse(stream.getvalue(), "bad.npz")
    assert not (tmp_path / "boom").exists()


def test_a_zip_bomb_is_refused_before_it_unpacks() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rot6d.npy", bytes(20_000_000))
    assert len(stream.getvalue()) < 30_000
    with pytest.raises(InputError, match="would unpack to 20,000,000 bytes"):
        load_npz(stream.getvalue(), "bad.npz", limit=10_000_000)


def test_a_lie_about_the_unpacked_size_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", npy(np.zeros(1_000_000)))
    data = bytearray(stream.getvalue())
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = struct.pack("<I", 1000)
    with pytest.raises(InputError, match="bad"):
        load_npz(bytes(data), "bad.npz")


def test_archives_that_are_not_npz() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("../evil.txt", b"x")
    for data, said in ((stream.getvalue(), "is not an NPY array"), (b"", "not a readable NPZ"), (b"PK\x03\x04junk", "not a readable NPZ")):
        with pytest.raises(InputError, match=said):
            load_npz(data, "bad.npz")
    many = io.BytesIO()
    np.savez(many, **{f"a{index}": np.zeros(1) for index in range(300)})
    with pytest.raises(InputError, match="300 members"):
        load_npz(many.getvalue(), "bad.npz")


@pytest.mark.parametrize(
    "array",
    [np.arange(6).reshape(2, 3), np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.array(3.5), np.zeros((0, 3)), np.array(["a", "bc"])],
)
def test_npy_reads_what_numpy_writes(array: np.ndarray) -> None:
    read = load_npy(npy(array), "x")
    np.testing.assert_array_equal(read, array)
    assert read.dtype == array.dtype


def header(text: bytes) -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not an NPY array"),
        (pickle.dumps([1, 2]), "not an NPY array"),
        (npy(np.array([{}], dtype=object), allow_pickle=True), "pickled Python objects"),
        (npy(np.zeros(100))[:-8], "does not fit the 792 bytes"),
        (npy(np.zeros(100)) + b"x", "does not fit"),
        (header(b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }"), "does not fit the 0 bytes"),
        (header(b"{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -1), }") + bytes(8), "does not fit"),
        (header(b"{'descr': '<f8', 'fortran_order': False, 'shape': " + b"(" * 9000 + b"}"), "not an NPY array"),
        (header(b"__import__('os').system('true')"), "not an NPY array"),
        (header(b"{'descr': '<V0', 'fortran_order': False, 'shape': (9,), }"), "does not fit|not an NPY"),
        (b"\x93NUMPY\x09\x00" + bytes(20), "not an NPY|not known"),
    ],
)  # fmt: skip
def test_damaged_npy(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        load_npy(data, "bad.npy")
    assert "\n" not in str(caught.value)


WHOLE = npz.to_bytes(walking_clip(seconds=0.2))
PLAIN = packed(members())


@settings(max_examples=300, deadline=None)
@given(plain=st.booleans(), position=st.floats(0, 1, exclude_max=True), removed=st.integers(0, 40), inserted=st.binary(max_size=8))
def test_mutated_files_read_or_raise_input_error(plain: bool, position: float, removed: int, inserted: bytes) -> None:
    data = PLAIN if plain else WHOLE
    place = int(position * len(data))
    try:
        clip = npz.parse(data[:place] + inserted + data[place + removed :], "x")
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert np.isfinite(clip.world()[0]).all()


@settings(max_examples=300, deadline=None)
@given(position=st.integers(0, 127), replaced=st.binary(min_size=1, max_size=8))
def test_mutated_npy_headers_read_or_raise_input_error(position: int, replaced: bytes) -> None:
    data = npy(np.arange(12.0).reshape(3, 4))
    try:
        load_npy(data[:position] + replaced + data[position + len(replaced) :], "x")
    except InputError as error:
        assert "\n" not in str(error)
