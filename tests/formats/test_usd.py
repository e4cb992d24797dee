"""USD: what comes back is what was written; stages in other units and axes are understood; what is none is said in one line."""

from pathlib import Path

import numpy as np
import pytest

from motionwire import formats
from motionwire.errors import InputError
from motionwire.formats import usd, usd_writer
from motionwire.formats.usd_writer import joint_paths, stage_of
from motionwire.motion import rotations as rot
from motionwire.motion.profiles import named
from motionwire.motion.retarget_to import from_canonical
from motionwire.motion.rig import rig_of
from motionwire.motion.skeleton import Skeleton
from synthetic import walking_clip

pxr = pytest.importorskip("pxr")
WALK = walking_clip(seconds=1, fps=24, turn=0.5)


@pytest.mark.parametrize("name", ["walk.usda", "walk.usdc", "walk.usd"])
@pytest.mark.parametrize("rig", [None, "ue5", "mixamo"])
def test_round_trip(tmp_path: Path, name: str, rig: str | None) -> None:
    clip = WALK if rig is None else from_canonical(WALK, rig_of(named(rig)))
    usd_writer.write(clip, tmp_path / name)
    read = usd.read(tmp_path / name)
    assert (read.skeleton.names, read.fps, len(read), read.name) == (clip.skeleton.names, 24.0, len(clip), "walk")
    np.testing.assert_allclose(read.world()[0], clip.world()[0], atol=1e-5)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_centimetres_and_z_up(tmp_path: Path) -> None:
    from pxr import UsdGeom  # noqa: PLC0415

    stage = stage_of(WALK)
    UsdGeom.SetStageMetersPerUnit(stage, 0.01)
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    stage.GetRootLayer().Export(str(tmp_path / "a.usda"))
    upright = np.array([-np.sqrt(0.5), 0, 0, np.sqrt(0.5)])
    expected = rot.rotate(upright, WALK.world()[0].astype(float)) * 0.01
    np.testing.assert_allclose(usd.read(tmp_path / "a.usda").world()[0], expected, atol=1e-6)


def test_units_and_rates_that_are_none(tmp_path: Path) -> None:
    usd_writer.write(WALK, tmp_path / "a.usda")
    text = (tmp_path / "a.usda").read_text()
    for key in ("metersPerUnit = 1", "timeCodesPerSecond = 24"):
        (tmp_path / "b.usda").write_text(text.replace(key, f"{key.split()[0]} = 0"))
        with pytest.raises(InputError, match=rf"b\.usda: {key.split()[0]} is 0"):
            usd.read(tmp_path / "b.usda")


def test_joint_names_that_usd_does_not_know() -> None:
    skeleton = Skeleton(("mixamorig:Hips", "1st", "ä b", "a b"), (-1, 0, 0, 0), np.zeros((4, 3)))
    paths = joint_paths(skeleton)
    assert paths[:2] == ["mixamorig_Hips", "mixamorig_Hips/_1st"] and len(set(paths)) == 4
    assert all(path.isascii() for path in paths)


@pytest.mark.parametrize(("content", "said"), [
    (b"", "not a readable USD"), (b"PXR-USDC" + bytes(90), "not a readable USD"), (b"#usda 1.0\n", "no UsdSkel skeleton"),
    (b'#usda 1.0\ndef SkelRoot "a" {\n def Skeleton "b" {\n uniform token[] joints = ["x", "y"]\n}\n}', "a skeleton of|not valid"),
])  # fmt: skip
def test_what_is_no_clip(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bad.usd"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        formats.read(path)
    assert str(caught.value).startswith(str(path)) and "\n" not in str(caught.value)
