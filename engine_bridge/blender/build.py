"""Pack the Blender add-on: `python engine_bridge/blender/build.py [FOLDER]` writes motionwire_blender-VERSION.zip there (default: here).

The zip installs as a legacy add-on (Blender 3.4 to 4.1) and as an extension (4.2 and later). Rotations, skeleton and rig profiles are the
runtime's own, packed as they are; the version is the runtime's. Needs the runtime importable (`pip install -e .`).
"""

import json
import sys
import zipfile
from pathlib import Path

from motionwire import __version__
from motionwire.motion import rotations
from motionwire.motion.profiles import known
from motionwire.motion.skeleton import JOINT_NAMES, PARENTS, REFERENCE

HERE = Path(__file__).resolve().parent
ADD_ON = HERE / "motionwire_blender"
LICENSE = HERE.parents[1] / "LICENSE"


def packed() -> str:
    """The JSON that `motionwire_blender/packed.py` reads."""
    reference = {joint: [[joint]] for joint in JOINT_NAMES}
    rigs = {profile.name: {joint: [[place.joint]] for joint, place in profile.joints.items()} for profile in known() if profile.skeleton}
    data = {
        "joints": JOINT_NAMES,
        "parents": PARENTS,
        "reference": REFERENCE.offsets.round(6).tolist(),
        "rigs": {"reference": reference, **rigs},
    }
    return json.dumps(data, indent=1)


def build(folder: Path = HERE) -> Path:
    """Write the zip into a folder; its path."""
    path = folder / f"motionwire_blender-{__version__}.zip"
    files = {file.relative_to(HERE): file.read_text(encoding="utf-8") for file in ADD_ON.rglob("*") if file.suffix in (".py", ".toml")}
    name = Path(ADD_ON.name)
    files[name / "blender_manifest.toml"] = files[name / "blender_manifest.toml"].replace("@VERSION@", __version__)
    version = ", ".join(__version__.split(".")[:3])
    files[name / "__init__.py"] = files[name / "__init__.py"].replace('"version": (0, 0, 0)', f'"version": ({version})')
    files[name / "rotations.py"] = Path(rotations.__file__).read_text(encoding="utf-8")
    files[name / "packed.json"] = packed()
    files[name / "LICENSE"] = LICENSE.read_text(encoding="utf-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(files):
            archive.writestr(zipfile.ZipInfo(file.as_posix(), (2020, 1, 1, 0, 0, 0)), files[file], zipfile.ZIP_DEFLATED)
    return path


if __name__ == "__main__":
    print(build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE))
