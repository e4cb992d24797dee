"""The demo in the browser: the viewer on loopback, until the user leaves."""

import contextlib
import os
import sys
import webbrowser
from collections.abc import Sequence

from rich.console import Console

from motionwire.broadcast.about import Leg, about
from motionwire.broadcast.viewer import Viewer
from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.server.process import ServerProcess


def run_viewer(server: ServerProcess, bundle: Bundle, sentences: Sequence[str], script: Sequence[Leg], seconds: float | None) -> None:
    """Serve the page for so many seconds, or until Ctrl-C; raises InputError when the server ends before."""
    console = Console(highlight=False, soft_wrap=True)
    with contextlib.suppress(KeyboardInterrupt), Viewer(server.endpoint, about(bundle, sentences, script)) as viewer:
        console.print(f"bundle [bold]{bundle.name}[/], licence: {bundle.licence_line}")
        console.print(f"The character moves at [bold]{viewer.url}[/]; Ctrl-C ends it.")
        if not open_browser(viewer.url):
            console.print("No browser could be opened here: open the address yourself.")
        if server.ends_within(seconds):
            raise InputError("it ended by itself", "motionwire serve")


def open_browser(url: str) -> bool:
    """Whether a browser took the address. One that would take over the terminal is not tried."""
    windows = sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    try:
        return bool(windows and webbrowser.open(url))
    except (webbrowser.Error, OSError):
        return False
