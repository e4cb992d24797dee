"""`motionwire-export RUN... --out BUNDLE --name NAME`: training runs become one verified bundle.

motionwire-export runs/tokenizer runs/text_to_motion runs/controller --out bundles/research --name research
"""

import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from motionwire.cli.main import run

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def export(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="run folders, at most one of each kind")],
    out: Annotated[Path, typer.Option(help="bundle folder; the shared text encoder goes beside it")],
    name: Annotated[str | None, typer.Option(help="the bundle's name; without it the folder's")] = None,
    base: Annotated[str | None, typer.Option(help="bundle name or folder that gives the models for which there is no run")] = None,
) -> None:
    """Export trained models to ONNX, compare every graph with PyTorch, and put them into one bundle."""
    from motionwire.bundle import Bundle  # noqa: PLC0415
    from motionwire_export.assemble import assemble  # noqa: PLC0415 - imports torch

    with Console(stderr=True).status("exporting; each graph is compared with PyTorch"):
        bundle = assemble(runs, out, name or out.name, None if base is None else Bundle.load(base))
    total = sum(path.stat().st_size for path in out.iterdir())
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{out}: {len(bundle.manifest.graphs)} graphs, {total / 1e6:.1f} MB, verified against PyTorch", markup=False)
    console.print(f"Licence: {bundle.licence_line}", markup=False)


def main() -> None:
    """Entry point: exit code 2 for the user's mistakes."""
    logging.disable(logging.WARNING)  # onnxruntime's quantiser and PyTorch's exporter advise those who write exporters
    run(app, "export")


if __name__ == "__main__":
    main()
