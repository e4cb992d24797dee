"""`motionwire-train evaluate tokenizer`: measure how well a bundle's tokenizer gives real motion back."""

from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.progress import track

from motionwire.bundle import Bundle
from motionwire_training.evaluation.given import given, licence_of
from motionwire_training.evaluation.report import check_writable, lines, publish
from motionwire_training.evaluation.tokenizer.graphs import TokenizerGraphs
from motionwire_training.evaluation.tokenizer.reconstruction import reconstruction
from motionwire_training.evaluation.tokenizer.searched import SearchedGraphs
from motionwire_training.features import FeatureClip


def main(bundle: str, data: Path, json_file: str, threads: int, beams: int = 0) -> None:
    """json_file: "-" prints the figures as the only output, "" writes none; beams: of a search for better codes, 0 for none."""
    check_writable(json_file)
    opened = Bundle.load(bundle)
    graphs = TokenizerGraphs(opened, threads)
    searching = SearchedGraphs(opened, beams, threads) if beams else None
    began = perf_counter()
    with given(data, licence_of(opened)) as clips:
        figures = {"bundle": opened.name, "clips": len(clips.held), **reconstruction(graphs, _shown(clips.held, "reconstruction"))}
        if searching is not None:
            figures["searched"] = {"beams": beams, **reconstruction(searching, _shown(clips.held, "search"))}
    figures["seconds"] = round(perf_counter() - began, 1)
    publish(figures, json_file, "\n".join(lines(f"tokenizer of {opened.name}", figures)))


def _shown(clips: list[FeatureClip], what: str) -> Iterable[FeatureClip]:
    return track(clips, description=what, console=Console(stderr=True), transient=True)
