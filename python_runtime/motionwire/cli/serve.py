"""`motionwire serve`: the runtime that engines connect to."""

import json
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from motionwire.broadcast.vmc import HOST as VMC_HOST
from motionwire.broadcast.vmc import PORT as VMC_PORT
from motionwire.broadcast.vmc import Sender, Target
from motionwire.errors import InputError
from motionwire.server import settings as serving
from motionwire.server.runtime import open_server


def serve(
    config: Annotated[Path | None, typer.Option(help="TOML file; its keys are those of docs/server.md")] = None,
    bundle: Annotated[str | None, typer.Option(help="name of an embedded bundle, or a bundle's folder")] = None,
    host: Annotated[str | None, typer.Option(help=f"address to bind, {serving.DEFAULT_HOST} unless set; others need a token")] = None,
    port: Annotated[int | None, typer.Option(help=f"port to bind, {serving.DEFAULT_PORT} unless set; 0: any free one")] = None,
    vmc: Annotated[bool, typer.Option("--vmc", help=f"also send frames as VMC over UDP, to {VMC_HOST}:{VMC_PORT} unless told")] = False,
    vmc_target: Annotated[str | None, typer.Argument(metavar="HOST:PORT", help="where --vmc sends to", show_default=False)] = None,
    vmc_root_in_hips: Annotated[bool, typer.Option("--vmc-root-in-hips", help="for receivers that ignore the root")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object when ready")] = False,
) -> None:
    """Serve characters to game engines over ZeroMQ until Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    if vmc_target is not None and not vmc:
        raise InputError("an address stands only after --vmc", vmc_target)
    token = os.environ.get(serving.TOKEN_VARIABLE) or None
    vmc_address = (vmc_target or f"{VMC_HOST}:{VMC_PORT}") if vmc else None
    chosen = serving.load(
        config, bundle=bundle, host=host, port=port, token=token, vmc=vmc_address, vmc_root_in_hips=vmc_root_in_hips or None
    )
    target = Target.parse(chosen.vmc) if chosen.vmc else None
    server, loaded = open_server(chosen)
    if target is not None:
        server.watch = Sender(target, loaded.skeleton, chosen.vmc_root_in_hips)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop())
    if as_json:
        ready = {"endpoint": server.endpoint, "bundle": loaded.name, "licence": loaded.licence_line}
        print(json.dumps(ready | ({"vmc": str(target)} if target else {})), flush=True)
    else:
        console = Console(highlight=False)
        console.print(f"[bold]motionwire[/] serves bundle [bold]{loaded.name}[/] at [bold]{server.endpoint}[/]; Ctrl-C ends it")
        console.print(f"licence: {loaded.licence_line}")
        if target is not None:
            console.print(f"VMC: the first character goes to [bold]{target}[/], each further one to the next port")
    server.run()
