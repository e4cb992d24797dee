"""What some formats need beyond Motionwire's own dependencies, checked before any work is done."""

from importlib.util import find_spec
from pathlib import Path

from motionwire.errors import InputError
from motionwire.formats.blender_program import VARIABLE, command


def require(extra: str | None, where: object) -> None:
    """Raises InputError, which says what to install, where an extra of the distribution is needed and not there."""
    if extra == "usd" and find_spec("pxr") is None:
        raise InputError("needs the package usd-core: pip install 'motionwire[usd]'", where)
    if extra == "video" and (find_spec("imageio") is None or find_spec("imageio_ffmpeg") is None):
        raise InputError("needs the packages imageio and imageio-ffmpeg: pip install 'motionwire[video]'", where)
    if extra == "fbx" and command(Path()) is None:
        raise InputError(f"needs Blender: pip install 'motionwire[fbx]', or name a Blender in {VARIABLE}", where)
