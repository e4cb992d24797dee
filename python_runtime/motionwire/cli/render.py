"""`motionwire render`: a contact sheet or a GIF of any readable clip, to check it by eye."""

from pathlib import Path
from typing import Annotated

import typer

from motionwire import formats
from motionwire.errors import InputError
from motionwire.render import animated_gif, contact_sheet


def render(
    clips: Annotated[list[Path], typer.Argument(help="motion files of any readable format and known rig")],
    output: Annotated[Path, typer.Option("-o", "--output", help="picture to write: .png, .jpg, .webp, or .gif (moving, one clip)")],
    figures: Annotated[int, typer.Option(min=2, max=40, help="poses drawn over time")] = 14,
) -> None:
    """Draw clips: figures over time, the root's path from above, foot contacts."""
    moving = output.suffix.lower() == ".gif"
    if moving and len(clips) > 1:
        raise InputError(f"a GIF shows one clip, not {len(clips)}", output)
    read = [formats.read_canonical(path) for path in clips]
    if moving:
        animated_gif(read[0], output)
    else:
        contact_sheet(read, output, figures)
