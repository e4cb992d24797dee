"""`motionwire info`: what a bundle holds, under which licence, and how good it measured."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from motionwire.bundle import Bundle, available
from motionwire.errors import InputError


def info(
    bundle: Annotated[
        str | None, typer.Argument(help="name of an embedded bundle, or a bundle's folder; none: list the embedded ones")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Show a bundle's licence, training data, graphs, measured quality, what it understands and its weaknesses."""
    if bundle is None:
        _list(as_json)
        return
    loaded = Bundle.load(bundle)
    facts = summary(loaded)
    if as_json:
        json.dump(facts, sys.stdout)
        print()
    else:
        _show(loaded, facts, bundle)


def summary(bundle: Bundle) -> dict[str, object]:
    """The facts that `--json` prints."""
    manifest = bundle.manifest
    graphs = {name: {"bytes": graph.bytes, "opset": graph.opset} for name, graph in manifest.graphs.items()}
    files = {name: (bundle.folder / name).stat().st_size for name in manifest.files}
    if manifest.text_encoder is not None:
        encoder = bundle.text_encoder()
        shared = encoder.manifest.graphs["text_encoder"]
        graphs["text_encoder"] = {"bytes": shared.bytes, "opset": shared.opset}
        files |= {name: (encoder.folder / name).stat().st_size for name in encoder.manifest.files}
    return {
        "name": manifest.name,
        "version": manifest.version,
        "folder": str(bundle.folder),
        "licence": manifest.licence,
        "commercial_use": manifest.commercial_use,
        "notice": manifest.notice,
        "training_data": [{"source": d.source, "licence": d.licence, "clips": d.clips} for d in manifest.training_data],
        "graphs": graphs,
        "files": files,
        "total_bytes": sum(graph["bytes"] for graph in graphs.values()) + sum(files.values()),
        "fps": manifest.fps,
        "styles": manifest.styles,
        "codebook": manifest.codebook,
        "quality": manifest.quality,
        "suggestions": manifest.suggestions,
        "card": bundle.card,
    }


def _list(as_json: bool) -> None:
    bundles = [Bundle.load(name) for name in available()]
    if as_json:
        json.dump({"bundles": [summary(bundle) for bundle in bundles]}, sys.stdout)
        print()
        return
    if not bundles:
        raise InputError("no bundle is embedded in this installation")
    for bundle in bundles:
        print(f"{bundle.name}: {bundle.licence_line}")


def _show(bundle: Bundle, facts: dict[str, object], given: str) -> None:
    console = Console()
    console.print(f"[bold]{bundle.name}[/] {bundle.manifest.version}  {bundle.folder}")
    console.print(f"[bold]Licence: {bundle.licence_line}[/]")
    if bundle.manifest.notice:
        console.print(bundle.manifest.notice)
    data = Table("trained on", "licence", "clips")
    for source in bundle.manifest.training_data:
        data.add_row(source.source, source.licence, str(source.clips))
    console.print(data)
    graphs = Table("graph", "MB", "opset")
    for name, graph in facts["graphs"].items():  # type: ignore[attr-defined]
        graphs.add_row(name, f"{graph['bytes'] / 1e6:.1f}", str(graph["opset"]))
    for name, size in facts["files"].items():  # type: ignore[attr-defined]
        graphs.add_row(name, f"{size / 1e6:.1f}", "")
    console.print(graphs)
    console.print(f"{facts['total_bytes'] / 1e6:.1f} MB with the shared text encoder")  # type: ignore[operator]
    quality = Table("measured", "figure", "value")
    for part, figures in bundle.manifest.quality.items():
        for figure, value in figures.items() if isinstance(figures, dict) else [("", figures)]:
            quality.add_row(part, figure, f"{value}")
    console.print(quality)
    if facts["card"]:
        console.print(Markdown(str(facts["card"])))
    if bundle.manifest.styles:
        console.print("styles: " + ", ".join(bundle.manifest.styles))
    for sentence in bundle.manifest.suggestions:
        console.print(f'  motionwire generate "{sentence}" -o clip.bvh --bundle {given}', highlight=False, soft_wrap=True, markup=False)
