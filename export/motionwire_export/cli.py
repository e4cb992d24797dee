"""`motionwire-export RUN... --out BUNDLE --name NAME`: training runs become one verified bundle. `motionwire-unpack BUNDLE --out DIR`: and
back.

motionwire-export runs/tokenizer runs/text_to_motion runs/controller --out bundles/research --name research
motionwire-unpack research --out runs/research
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from motionwire.cli.main import run

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
unpacking = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def export(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="run folders, at most one of each kind")],
    out: Annotated[Path, typer.Option(help="bundle folder; the shared text encoder goes beside it")],
    name: Annotated[str | None, typer.Option(help="the bundle's name; without it the folder's")] = None,
    base: Annotated[str | None, typer.Option(help="bundle name or folder that gives the models for which there is no run")] = None,
    licence: Annotated[str, typer.Option(metavar="TEXT", help="licence of data of your own, in place of what its sources say")] = "",
) -> None:
    """Export trained models to ONNX, compare every graph with PyTorch, and put them into one bundle."""
    from motionwire.bundle import Bundle  # noqa: PLC0415
    from motionwire_export.assemble import assemble  # noqa: PLC0415 - imports torch

    with _without_advice(), Console(stderr=True).status("exporting; each graph is compared with PyTorch"):
        bundle = assemble(runs, out, name or out.name, None if base is None else Bundle.load(base), licence)
    total = sum(path.stat().st_size for path in out.iterdir())
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{out}: {len(bundle.manifest.graphs)} graphs, {total / 1e6:.1f} MB, verified against PyTorch", markup=False)
    console.print(f"Licence: {bundle.licence_line}", markup=False)


@unpacking.command()
def unpack(
    bundle: Annotated[str, typer.Argument(metavar="BUNDLE", help="bundle name or folder")],
    out: Annotated[Path, typer.Option(help="folder to make; each model is a run folder in it")],
) -> None:
    """Write the models of a bundle as run folders, for trainings that begin from them."""
    from motionwire.bundle import Bundle  # noqa: PLC0415
    from motionwire_export.unpack import unpack as unpacked  # noqa: PLC0415 - imports torch

    with _without_advice(), Console(stderr=True).status("reading the weights back"):
        loaded = Bundle.load(bundle)
        runs = unpacked(loaded, out)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{out}: {', '.join(run.name for run in runs)}", markup=False)
    console.print(f"Licence: {loaded.licence_line}, and so is what is trained from them", markup=False)


@contextmanager
def _without_advice() -> Iterator[None]:
    """Onnxruntime's quantiser and PyTorch's exporter advise those who write exporters."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def main() -> None:
    """Entry point: exit code 2 for the user's mistakes."""
    run(app, "export")


def unpack_main() -> None:
    """Entry point of motionwire-unpack."""
    run(unpacking, "export")


if __name__ == "__main__":
    main()
