"""GLB: what comes back is what was written, other programs' habits are understood, and broken files are said in one line."""

import json
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motionwire.errors import InputError
from motionwire.formats import glb, glb_writer
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.profiles import named
from motionwire.motion.retarget_to import from_canonical
from motionwire.motion.rig import rig_of
from motionwire.motion.skeleton import Skeleton
from synthetic import walking_clip

WALK = walking_clip(seconds=1, turn=0.5)


def edited(data: bytes, change: Callable[[dict], object]) -> bytes:
    """The file with its JSON changed."""
    size = struct.unpack_from("<I", data, 12)[0]
    document = json.loads(data[20 : 20 + size])
    change(document)
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    rest = data[20 + size :]
    return struct.pack("<4sIIII", b"glTF", 2, 20 + len(text) + len(rest), len(text), 0x4E4F534A) + text + rest


@pytest.mark.parametrize("rig", [None, "ue5", "rigify"])
def test_round_trip(rig: str | None) -> None:
    clip = WALK if rig is None else from_canonical(WALK, rig_of(named(rig)))
    read = glb.parse(glb_writer.to_bytes(clip), "walk.glb")
    assert (read.skeleton.names, read.skeleton.parents, read.fps, len(read), read.name) == (
        clip.skeleton.names, clip.skeleton.parents, 30.0, len(clip), "walk",
    )  # fmt: skip
    np.testing.assert_allclose(read.world()[0], clip.world()[0], atol=1e-5)
    np.testing.assert_allclose(read.skeleton.rest, clip.skeleton.rest, atol=1e-6)


@settings(deadline=None)
@given(seed=st.integers(0, 2**32 - 1), joints=st.integers(1, 9), frames=st.integers(1, 6), fps=st.sampled_from([24.0, 29.97, 30.0, 120.0]))
def test_round_trip_of_any_clip(seed: int, joints: int, frames: int, fps: float) -> None:
    random = np.random.default_rng(seed)
    parents = (-1, *(int(random.integers(0, joint)) for joint in range(1, joints)))
    rest = rot.normalize(random.normal(size=(joints, 4)))
    skeleton = Skeleton(tuple(f"j{n}" for n in range(joints)), parents, random.normal(size=(joints, 3)), rest=rest, metres=True)
    moved = random.normal(size=(frames, joints, 3)) if seed % 2 else None
    clip = Clip(skeleton, fps, random.normal(size=(frames, 3)), rot.normalize(random.normal(size=(frames, joints, 4))), moved)
    read = glb.parse(glb_writer.to_bytes(clip), "x.glb")
    np.testing.assert_allclose(read.world()[0], clip.world()[0], atol=2e-5)
    assert frames == 1 or read.fps == pytest.approx(fps, rel=1e-4)


HALF = float(np.sqrt(0.5))
ARMATURES = {  # the same, in glTF's two ways
    "parts": {"scale": [0.01] * 3, "rotation": [-HALF, 0, 0, HALF]},
    "matrix": {"matrix": [0.01, 0, 0, 0, 0, 0, -0.01, 0, 0, 0.01, 0, 0, 0, 0, 0, 1]},
}


@pytest.mark.parametrize("armature", ARMATURES.values(), ids=ARMATURES)
def test_an_armature_above_in_centimetres_with_z_up(armature: dict[str, list[float]]) -> None:
    def under(document: dict) -> None:
        document["nodes"].append({"name": "Armature", "children": [0], **armature})
        document["scenes"][0]["nodes"] = [len(document["nodes"]) - 1, 22]

    read = glb.parse(edited(glb_writer.to_bytes(WALK), under), "x.glb")
    upright = np.array([-HALF, 0, 0, HALF])
    np.testing.assert_allclose(read.world()[0], rot.rotate(upright, WALK.world()[0].astype(float)) * 0.01, atol=1e-6)
    assert read.skeleton.names == WALK.skeleton.names
    np.testing.assert_allclose(read.skeleton.offsets[1:], 0.01 * WALK.skeleton.offsets[1:], atol=1e-7)
    assert read.translations is None, "joints turn only"


def test_a_character_without_motion_is_its_rest_pose() -> None:
    read = glb.parse(edited(glb_writer.to_bytes(WALK), lambda document: document.pop("animations")), "x.glb")
    assert len(read) == 1
    np.testing.assert_allclose(read.root_positions[0], WALK.skeleton.offsets[0], atol=1e-6)


def test_motion_without_a_skin_and_steps() -> None:
    def change(document: dict) -> None:
        document.pop("skins")
        document["nodes"][-1].pop("skin")
        for sampler in document["animations"][0]["samplers"]:
            sampler["interpolation"] = "STEP"

    np.testing.assert_allclose(glb.parse(edited(glb_writer.to_bytes(WALK), change), "x").world()[0], WALK.world()[0], atol=1e-5)


def test_the_animation_that_moves_the_skeleton_is_taken() -> None:
    """A file's first animation may open a door, or only carry the whole figure."""

    def put_first(*nodes: int) -> Callable[[dict], None]:
        def change(document: dict) -> None:
            whole = document["animations"][0]
            document["nodes"] += [{"name": "door"}, {"name": "Armature", "children": [0]}]
            document["scenes"][0]["nodes"] = [24, 22, 23]
            for node in nodes:
                channel = whole["channels"][0] | {"target": {"node": node, "path": whole["channels"][0]["target"]["path"]}}
                document["animations"].insert(0, whole | {"channels": [channel]})

        return change

    for nodes in ((23,), (24,), (24, 23)):
        read = glb.parse(edited(glb_writer.to_bytes(WALK), put_first(*nodes)), "x.glb")
        np.testing.assert_allclose(read.world()[0], WALK.world()[0], atol=1e-5)


def test_a_skeleton_that_no_animation_moves_is_its_rest_pose() -> None:
    def change(document: dict) -> None:
        document["nodes"].append({"name": "door"})
        for channel in document["animations"][0]["channels"]:
            channel["target"]["node"] = 23

    assert len(glb.parse(edited(glb_writer.to_bytes(WALK), change), "x.glb")) == 1


@pytest.mark.parametrize(("rest", "node", "said"), [(1.0, 3, None), (2.0, 3, "'spine1' to 0.5"), (1.01, 3, None), (2.0, 23, None)])
def test_scales_that_move(rest: float, node: int, said: str | None) -> None:
    """Keys of size 1, as many programs write them for every bone, and a bone of another size at rest."""

    def change(document: dict) -> None:
        document["nodes"].append({"name": "balloon"})
        document["nodes"][node]["scale"] = [rest] * 3
        animation = document["animations"][0]
        animation["channels"].append({"sampler": len(animation["samplers"]), "target": {"node": node, "path": "scale"}})
        ones = {"buffer": 1, "byteOffset": 0, "byteLength": 12}
        animation["samplers"].append(animation["samplers"][0] | {"output": len(document["accessors"])})
        count = document["accessors"][animation["samplers"][0]["input"]]["count"]
        document["accessors"].append({"bufferView": len(document["bufferViews"]), "componentType": 5121, "count": count, "type": "VEC3"})
        document["bufferViews"].append(ones | {"buffer": 0, "byteLength": 3 * count})

    data = edited(glb_writer.to_bytes(WALK), change)
    size = struct.unpack_from("<I", data, 12)[0]
    start = 28 + size  # of the buffer, whose first bytes the scale's keys are made of: the mesh is not read
    data = data[:start] + bytes([1]) * 90 + data[start + 90 :]
    if said is None:
        assert len(glb.parse(data, "x.glb")) == len(WALK)
    else:
        with pytest.raises(InputError, match=f"^x.glb: its animation scales {said} of its size at rest"):
            glb.parse(data, "x.glb")


def test_names_of_a_vrm_file() -> None:
    def name(document: dict) -> None:
        document["extensions"] = {"VRMC_vrm": {"humanoid": {"humanBones": {"hips": {"node": 0}, "leftUpperLeg": {"node": 1}}}}}

    assert glb.human_bones(edited(glb_writer.to_bytes(WALK), name), "x.vrm") == {"hips": "pelvis", "leftUpperLeg": "left_hip"}
    assert glb.human_bones(glb_writer.to_bytes(WALK), "x.vrm") == {}


BREAKS = {
    "its own ancestor": lambda d: d["nodes"][21].update(children=[19]) or d["nodes"][17].pop("children"),
    "two parents": lambda d: d["nodes"][21].update(children=[5]),
    "no index into": lambda d: d["nodes"][0]["children"].append(999),
    "do not fit": lambda d: d["accessors"][-1].update(count=10**6),
    "not a size": lambda d: d["accessors"][-1].update(byteOffset=-4),
    "not in the file's own buffer": lambda d: d["bufferViews"][-1].update(buffer=1),
    "sparse": lambda d: d["accessors"][-1].update(sparse={}),
    "not 3 numbers": lambda d: d["nodes"][3].update(translation=[1, "x", 2]),
    "no unit quaternion": lambda d: d["nodes"][3].update(rotation=[0, 0, 0, 0]),
    "its matrix is no rotation": lambda d: d["nodes"][3].update(matrix=[-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),  # a mirror
    "not the same along all axes": lambda d: d["nodes"][3].update(scale=[1, 2, 1]),
    "neither a skin nor an animation": lambda d: [d.pop("skins"), d.pop("animations")],
    "has no joints": lambda d: d["skins"][0].update(joints=[]),
    "channel of its animation is broken": lambda d: d["animations"][0]["channels"].append({"sampler": 10**6, "target": {}}),
    "interpolation 'BEZIER'": lambda d: d["animations"][0]["samplers"][0].update(interpolation="BEZIER"),
    "is not a list": lambda d: d.update(nodes={"a": 1}),
    "where 4 numbers are needed": lambda d: d["animations"][0]["samplers"][1].update(output=0),
}


@pytest.mark.parametrize("said", BREAKS)
def test_broken_documents(said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        glb.parse(edited(glb_writer.to_bytes(WALK), BREAKS[said]), "bad.glb")
    assert str(caught.value).startswith("bad.glb") and "\n" not in str(caught.value)


@pytest.mark.parametrize(("data", "said"), [(b"", "not a GLB"), (b"BVH" * 20, "not a GLB"), (b"glTF\1\0\0\0" + bytes(20), "version 1")])
def test_no_glb(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        glb.parse(data, "bad.glb")


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_damage_never_raises_anything_else(data: st.DataObject) -> None:
    good = bytearray(glb_writer.to_bytes(WALK.slice(0, 3)))
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(0, min(len(good), 12_000) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.none(), st.integers(0, len(good))))
    try:
        glb.parse(bytes(good[:cut]), "bad.glb")
    except InputError as error:
        assert "\n" not in str(error)


def test_a_clip_of_unknown_unit_is_refused(tmp_path: Path) -> None:
    clip = Clip(Skeleton(("a",), (-1,), np.zeros((1, 3))), 30, np.zeros((1, 3)), rot.IDENTITY[None, None])
    with pytest.raises(InputError, match="unit is not known"):
        glb_writer.write(clip, tmp_path / "a.glb")
    assert list(tmp_path.iterdir()) == []
