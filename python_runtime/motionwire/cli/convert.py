"""`motionwire convert`: one motion file into another format, by extension."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from motionwire import formats
from motionwire.errors import InputError
from motionwire.motion.resample import resample


def convert(
    source: Annotated[Path, typer.Argument(help=f"motion file to read ({', '.join(formats.READABLE)})")],
    target: Annotated[Path, typer.Argument(help=f"file to write ({', '.join(formats.WRITABLE)})")],
    fps: Annotated[float | None, typer.Option("--fps", help="resample to this frame rate; without it the source's rate stays")] = None,
) -> None:
    """Convert a motion file. BVH keeps the source's skeleton and units; other targets get the canonical skeleton in metres."""
    formats.check_writable(target)
    if fps is not None and not 1 <= fps <= 1000:
        raise InputError(f"{fps:g} is not a frame rate between 1 and 1000", "--fps")
    clip = formats.read_canonical(source) if formats.needs_canonical(target) else formats.read(source)
    if fps is not None:
        clip = resample(clip, fps)
    formats.write(clip, target)
    Console(highlight=False, soft_wrap=True).print(
        f"{target}: {len(clip)} frames at {clip.fps:g} fps, {clip.seconds:.2f} s, {len(clip.skeleton)} joints", markup=False
    )
