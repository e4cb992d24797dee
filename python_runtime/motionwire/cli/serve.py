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

from motionwire.server import settings as serving
from motionwire.server.runtime import open_server


def serve(
    config: Annotated[Path | None, typer.Option(help="TOML file; its keys are those of docs/server.md")] = None,
    bundle: Annotated[str | None, typer.Option(help="name of an embedded bundle, or a bundle's folder")] = None,
    host: Annotated[str | None, typer.Option(help=f"address to bind, {serving.DEFAULT_HOST} unless set; others need a token")] = None,
    port: Annotated[int | None, typer.Option(help=f"port to bind, {serving.DEFAULT_PORT} unless set; 0: any free one")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object when ready")] = False,
) -> None:
    """Serve characters to game engines over ZeroMQ until Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    token = os.environ.get(serving.TOKEN_VARIABLE) or None
    chosen = serving.load(config, bundle=bundle, host=host, port=port, token=token)
    server, loaded = open_server(chosen)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop())
    if as_json:
        print(json.dumps({"endpoint": server.endpoint, "bundle": loaded.name, "licence": loaded.licence_line}), flush=True)
    else:
        console = Console(highlight=False)
        console.print(f"[bold]motionwire[/] serves bundle [bold]{loaded.name}[/] at [bold]{server.endpoint}[/]; Ctrl-C ends it")
        console.print(f"licence: {loaded.licence_line}")
    server.run()
