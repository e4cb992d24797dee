"""`motionwire view`: motion files in the browser, several side by side, with a timeline."""

import contextlib
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from motionwire import formats
from motionwire.broadcast.clips import MAX_CLIPS, ClipSite
from motionwire.broadcast.viewer import Viewer
from motionwire.cli.browser import show
from motionwire.cli.from_rig import FromRig, own_profiles
from motionwire.errors import InputError


def view(
    clips: Annotated[list[Path], typer.Argument(help=f"motion files of any readable format and known rig ({', '.join(formats.READABLE)})")],
    from_rig: FromRig = None,
) -> None:
    """Play motion files in the browser, side by side."""
    if len(clips) > MAX_CLIPS:
        raise InputError(f"{len(clips)} clips are more than the {MAX_CLIPS} that fit side by side", "motionwire view")
    own = own_profiles(from_rig)
    site = ClipSite([formats.read_canonical(path, *own) for path in clips])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with contextlib.suppress(KeyboardInterrupt), Viewer(site) as viewer:
        show(viewer, "The clips play at" if len(clips) > 1 else "The clip plays at", Console(highlight=False, soft_wrap=True))
        threading.Event().wait()
