"""`motionwire keys`: CURVE key files for a server and its clients."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from motionwire.server import curve


def keys(
    folder: Annotated[Path, typer.Argument(help="where the files go; made if it is not there")],
    names: Annotated[list[str], typer.Argument(help="whose keys: NAME.key may be given away, NAME.key_secret never")],
) -> None:
    """Make key files for encrypted connections (`curve_key` and `curve_clients` of the server's settings)."""
    console = Console(highlight=False, soft_wrap=True)
    for name in names:
        public, secret = curve.create(folder, name)
        console.print(f"{public} (public), {secret} (secret)", markup=False)
