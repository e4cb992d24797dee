"""Opening the viewer's page in the user's browser."""

import os
import sys
import webbrowser

from rich.console import Console

from motionwire.broadcast.viewer import Viewer


def show(viewer: Viewer, what: str, console: Console) -> None:
    """Tell the address, and open it where there is a browser. what: the words before it."""
    console.print(f"{what} [bold]{viewer.url}[/]; Ctrl-C ends it.")
    if not open_browser(viewer.url):
        console.print("No browser could be opened here: open the address yourself.")


def open_browser(url: str) -> bool:
    """Whether a browser took the address. One that would take over the terminal is not tried."""
    windows = sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    try:
        return bool(windows and webbrowser.open(url))
    except (webbrowser.Error, OSError):
        return False
