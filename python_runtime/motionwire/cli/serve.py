"""`motionwire serve`: the runtime that engines connect to."""

import contextlib
import json
import os
import signal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from motionwire.broadcast.vmc import HOST as VMC_HOST
from motionwire.broadcast.vmc import PORT as VMC_PORT
from motionwire.broadcast.vmc import Sender, Target
from motionwire.errors import InputError
from motionwire.server import logs
from motionwire.server import settings as serving
from motionwire.server.metrics import Metrics
from motionwire.server.runtime import open_server


def serve(
    config: Annotated[Path | None, typer.Option(help="TOML file; its keys are those of docs/server.md")] = None,
    bundle: Annotated[str | None, typer.Option(help="name of an embedded bundle, or a bundle's folder")] = None,
    host: Annotated[
        str | None, typer.Option(help=f"address to bind, {serving.DEFAULT_HOST} unless set; others need a token or keys")
    ] = None,
    port: Annotated[int | None, typer.Option(help=f"port to bind, {serving.DEFAULT_PORT} unless set; 0: any free one")] = None,
    metrics_port: Annotated[int | None, typer.Option(help="Prometheus page at 127.0.0.1, none unless set; 0: any free port")] = None,
    vmc: Annotated[bool, typer.Option("--vmc", help=f"also send frames as VMC over UDP, to {VMC_HOST}:{VMC_PORT} unless told")] = False,
    vmc_target: Annotated[str | None, typer.Argument(metavar="HOST:PORT", help="where --vmc sends to", show_default=False)] = None,
    vmc_root_in_hips: Annotated[bool, typer.Option("--vmc-root-in-hips", help="for receivers that ignore the root")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object when ready")] = False,
) -> None:
    """Serve characters to game engines over ZeroMQ until Ctrl-C."""
    if vmc_target is not None and not vmc:
        raise InputError("an address stands only after --vmc", vmc_target)
    token = os.environ.get(serving.TOKEN_VARIABLE) or None
    vmc_address = (vmc_target or f"{VMC_HOST}:{VMC_PORT}") if vmc else None
    chosen = serving.load(
        config,
        bundle=bundle,
        host=host,
        port=port,
        token=token,
        metrics_port=metrics_port,
        vmc=vmc_address,
        vmc_root_in_hips=vmc_root_in_hips or None,
    )
    target = Target.parse(chosen.vmc) if chosen.vmc else None
    metrics = Metrics()
    with contextlib.ExitStack() as leaving:
        leaving.callback(logs.start(chosen.log_format, chosen.log_level, chosen.log_file, metrics.lost_log_lines.inc))
        server, loaded = open_server(chosen, metrics)
        if target is not None:
            server.watch = sender = Sender(target, loaded.skeleton, chosen.vmc_root_in_hips)
            leaving.callback(sender.close)
        ready = {"endpoint": server.endpoint, "bundle": loaded.name, "licence": loaded.licence_line}
        if chosen.metrics_port is not None:
            page = metrics.serve(chosen.metrics_port)
            leaving.callback(page.close)
            ready["metrics"] = page.url
        if target is not None:
            ready["vmc"] = str(target)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: server.stop())
        _announce(ready, as_json)
        server.run()


def _announce(ready: dict[str, str], as_json: bool) -> None:
    """Say that the server is ready, and where."""
    if as_json:
        print(json.dumps(ready), flush=True)
        return
    console = Console(highlight=False)
    console.print(f"[bold]motionwire[/] serves bundle [bold]{ready['bundle']}[/] at [bold]{ready['endpoint']}[/]; Ctrl-C ends it")
    console.print(f"licence: {ready['licence']}")
    if "metrics" in ready:
        console.print(f"metrics: {ready['metrics']}")
    if "vmc" in ready:
        console.print(f"VMC: the first character goes to [bold]{ready['vmc']}[/], each further one to the next port")
