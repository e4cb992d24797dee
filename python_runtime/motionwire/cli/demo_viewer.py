"""The demo in the browser: the viewer on loopback, until the user leaves."""

import contextlib

from rich.console import Console

from motionwire.broadcast.live import LiveSite
from motionwire.broadcast.viewer import Viewer
from motionwire.bundle import Bundle
from motionwire.cli.browser import show
from motionwire.cli.demo_runtime import DemoRuntime
from motionwire.errors import InputError


def run_viewer(runtime: DemoRuntime, bundle: Bundle, seconds: float | None) -> None:
    """Serve the page for so many seconds, or until Ctrl-C; raises InputError when the server ends before."""
    console = Console(highlight=False, soft_wrap=True)
    with contextlib.suppress(KeyboardInterrupt), Viewer(LiveSite(runtime)) as viewer:
        console.print(f"bundle [bold]{bundle.name}[/], licence: {bundle.licence_line}")
        show(viewer, "The character moves at", console)
        if runtime.ends_within(seconds):
            raise InputError("it ended by itself", "motionwire serve")
