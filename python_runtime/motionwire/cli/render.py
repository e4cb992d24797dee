"""`motionwire render`: a contact sheet, plots, a GIF or a video of any readable clip, to check it by eye."""

from pathlib import Path
from typing import Annotated

import typer

from motionwire import formats
from motionwire.cli.from_rig import FromRig, own_profiles
from motionwire.errors import InputError
from motionwire.plots import plot
from motionwire.render import animated_gif, contact_sheet, video

MOVING = {".gif": animated_gif, ".mp4": video}


def render(
    clips: Annotated[list[Path], typer.Argument(help="motion files of any readable format and known rig")],
    output: Annotated[Path, typer.Option("-o", "--output", help="picture to write: .png, .jpg, .webp; .gif or .mp4 (moving, one clip)")],
    figures: Annotated[int, typer.Option(min=2, max=40, help="poses drawn over time")] = 14,
    plots: Annotated[bool, typer.Option("--plots", help="one clip's foot speed, contacts, phase and joint angles instead (.png)")] = False,
    from_rig: FromRig = None,
) -> None:
    """Draw clips: figures over time, the root's path from above, foot contacts; or one clip as plots or moving."""
    moving = MOVING.get(output.suffix.lower())
    if (moving or plots) and len(clips) > 1:
        what = "plots show" if plots else f"a {output.suffix[1:].upper()} shows"
        raise InputError(f"{what} one clip, not {len(clips)}", output)
    own = own_profiles(from_rig)
    read = [formats.read_canonical(path, *own) for path in clips]
    if plots:
        plot(read[0], output)
    elif moving:
        moving(read[0], output)
    else:
        contact_sheet(read, output, figures)
