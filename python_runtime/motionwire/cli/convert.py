"""`motionwire convert`: one motion file into another format, by extension."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from motionwire import formats, rigs
from motionwire.cleaning import Cleaning, Smoothing, clean
from motionwire.cli.from_rig import FromRig, own_profiles
from motionwire.errors import InputError
from motionwire.motion.clip import Clip
from motionwire.motion.mirror import mirror as mirrored
from motionwire.motion.resample import resample
from motionwire.motion.retarget_to import from_canonical
from motionwire.motion.trajectory import in_place as in_its_place


def convert(
    source: Annotated[Path, typer.Argument(help=f"motion file to read ({', '.join(formats.READABLE)})")],
    target: Annotated[Path, typer.Argument(help=f"file to write ({', '.join(formats.WRITABLE)})")],
    fps: Annotated[float | None, typer.Option("--fps", help="resample to this frame rate; without it the source's rate stays")] = None,
    source_fps: Annotated[
        float | None, typer.Option("--source-fps", help="the rate that the source truly has, where it tells another or none (.amc)")
    ] = None,
    rig: Annotated[str | None, typer.Option("--rig", help="put the motion on this rig: a profile's name or file (docs/rigs.md)")] = None,
    from_rig: FromRig = None,
    trim: Annotated[str | None, typer.Option("--trim", metavar="START:END", help="keep this part (seconds; either may be missing)")] = None,
    mirror: Annotated[bool, typer.Option("--mirror", help="left becomes right")] = False,
    in_place: Annotated[bool, typer.Option("--in-place", help="without the way over the ground")] = False,
    smooth: Annotated[Smoothing | None, typer.Option("--smooth", help="filter against jitter")] = None,
    ground: Annotated[bool, typer.Option("--ground", help="put the feet's lowest stance on the ground")] = False,
    level: Annotated[bool, typer.Option("--level", help="put every stance there, where feet float or sink now and then")] = False,
    lock_feet: Annotated[bool, typer.Option("--lock-feet", help="keep feet in confident contact where they are")] = False,
    foot_ik: Annotated[bool, typer.Option("--foot-ik/--no-foot-ik", help="with --rig: legs bend so that feet stay where they were")] = True,
) -> None:
    """Convert a motion file.

    BVH to BVH keeps the source's skeleton and units unless another option changes the motion; everything else goes through the
    canonical skeleton in metres.
    """
    wanted = formats.format_for_writing(target)
    rate = frame_rate(fps, wanted, target)
    _check_rate(source_fps, "--source-fps")
    if rig is not None and not wanted.any_rig:
        raise InputError(f"{wanted.extension} files hold the canonical skeleton only; leave out --rig", target)
    destination = None if rig is None else rigs.load(rig)
    cleaning = Cleaning(smooth, ground, level, lock_feet)
    own_rig = wanted.any_unit and destination is None and from_rig is None and not (mirror or in_place or cleaning)
    own = own_profiles(from_rig)
    clip = formats.read(source, source_fps) if own_rig else formats.read_canonical(source, *own, fps=source_fps)
    clip = _trimmed(clip, trim)
    if rate is not None:
        clip = resample(clip, rate)
    if mirror:
        clip = mirrored(clip)
    clip = clean(clip, cleaning) if cleaning else clip
    if in_place:
        clip = in_its_place(clip)
    if destination is not None:
        clip = from_canonical(clip, destination, foot_ik)
    formats.write(replace(clip, name=target.name.split(".")[0]), target)
    Console(highlight=False, soft_wrap=True).print(
        f"{target}: {len(clip)} frames at {clip.fps:g} fps, {clip.seconds:.2f} s, {len(clip.skeleton)} joints", markup=False
    )


def frame_rate(fps: float | None, wanted: formats.Format, target: Path) -> float | None:
    """Frames a second of the result; None: the source's."""
    _check_rate(fps, "--fps")
    if fps is not None and wanted.fps not in (None, fps):
        raise InputError(f"{wanted.extension} files have {wanted.fps:g} frames a second; leave out --fps", target)
    return fps if wanted.fps is None else wanted.fps


def _check_rate(fps: float | None, option: str) -> None:
    if fps is not None and not 1 <= fps <= 1000:
        raise InputError(f"{fps:g} is not a frame rate between 1 and 1000", option)


def _trimmed(clip: Clip, trim: str | None) -> Clip:
    """The part START:END of the clip, in seconds."""
    if trim is None:
        return clip
    start, colon, end = trim.partition(":")
    try:
        if not colon:
            raise ValueError
        first, last = float(start or 0), float(end) if end else clip.seconds
    except ValueError:
        raise InputError(f"{trim!r} is not START:END in seconds, such as 0.5:3 or 2:", "--trim") from None
    if not 0 <= first < last <= clip.seconds + 1 / clip.fps:
        raise InputError(f"{first:g} to {last:g} s is no part of the clip's {clip.seconds:.2f} s", "--trim")
    return clip.slice(round(first * clip.fps), round(last * clip.fps))
