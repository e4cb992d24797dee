"""Formats by file extension; each format's module is loaded when a file of it turns up."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from motionwire.errors import InputError
from motionwire.formats.optional import require
from motionwire.motion.clip import Clip
from motionwire.motion.profile import Profile
from motionwire.motion.resample import resample
from motionwire.motion.retarget import to_canonical


@dataclass(frozen=True)
class Format:
    """One format.

    extension: lower case, with its dots; reader, writer: modules of this package with `read(path)` and `write(clip, path)`;
    any_unit: clips of unknown unit can be written, with the rig they came on; any_rig: clips on rigs can be, in metres; neither:
    canonical clips only; fps: the one rate that the format's files have by definition; extra: of the distribution, see optional.py.
    """

    extension: str
    reader: str | None = None
    writer: str | None = None
    any_unit: bool = False
    any_rig: bool = False
    fps: float | None = None
    extra: str | None = None


FORMATS = (
    Format(".bvh", "bvh", "bvh_writer", any_unit=True, any_rig=True),
    Format(".amc", "asf_amc"),
    Format(".glb", "glb", "glb_writer", any_rig=True),
    Format(".vrm", "glb"),
    *(Format(extension, "usd", "usd_writer", any_rig=True, extra="usd") for extension in (".usd", ".usda", ".usdc")),
    Format(".fbx", "blender", "blender", any_rig=True, extra="fbx"),
    Format(".abc", None, "blender", any_rig=True, extra="fbx"),
    Format(".npz", "npz", "npz"),
    Format(".json", "json_clip", "json_clip"),
    Format(".joints.npy", None, "joints_npy", fps=20.0),
    Format(".npy", "features_npy", "features_npy", fps=30.0),
)
READABLE: tuple[str, ...] = tuple(known.extension for known in FORMATS if known.reader)
WRITABLE: tuple[str, ...] = tuple(known.extension for known in FORMATS if known.writer)


def read(path: str | Path, fps: float | None = None) -> Clip:
    """A motion file as a clip in its own units on its own skeleton; the extension says which format.

    fps: the rate that the frames truly have, where the file tells another one or, as AMC, none. Raises InputError for an unknown
    extension, a missing file, a folder, content that is wrong, or a package that is not installed.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError("is a folder, not a file", path)
    found = _format_of(path)
    if found is None or found.reader is None:
        raise InputError(f"cannot read files of type {_type(path, found)!r}; known: {', '.join(READABLE)}", path)
    require(found.extra, path)
    reader: Callable[[Path], Clip] = _module(found.reader).read
    clip = reader(path)
    return clip if fps is None else replace(clip, fps=fps)


def read_canonical(path: str | Path, *own: Profile, fps: float | None = None) -> Clip:
    """A motion file as a canonical clip; raises InputError also for a rig that no profile knows. own: profiles beside the built-in ones;
    fps: as in `read`."""
    clip = read(path, fps)
    try:
        return to_canonical(clip, own=own)
    except InputError as error:
        raise InputError(str(error).removeprefix(f"{clip.name}: "), path) from None


def format_for_writing(path: str | Path) -> Format:
    """The format that `write` uses; raises InputError unless it is known, what it needs is installed and the folder is there.

    For commands that work long before they write.
    """
    path = Path(path)
    found = _format_of(path)
    if found is None or found.writer is None:
        raise InputError(f"cannot write files of type {_type(path, found)!r}; known: {', '.join(WRITABLE)}", path)
    require(found.extra, path)
    if not path.parent.is_dir():
        raise InputError("cannot write: No such file or directory", path)
    return found


def write(clip: Clip, path: str | Path) -> None:
    """Write a clip in the format of the extension, resampled where that has one rate only.

    The file appears whole or not at all. Raises InputError for an unknown extension, a clip that the format cannot hold, or a path
    that cannot be written.
    """
    found = format_for_writing(path)
    if found.fps is not None:
        clip = resample(clip, found.fps)
    assert found.writer is not None
    writer: Callable[[Clip, Path], None] = _module(found.writer).write
    writer(clip, Path(path))


def _format_of(path: Path) -> Format | None:
    name = path.name.lower()
    fitting = [known for known in FORMATS if name.endswith(known.extension)]
    return max(fitting, key=lambda known: len(known.extension), default=None)


def _type(path: Path, found: Format | None) -> str:
    return path.suffix if found is None else found.extension


def _module(name: str) -> Any:
    return importlib.import_module(f"motionwire.formats.{name}")
