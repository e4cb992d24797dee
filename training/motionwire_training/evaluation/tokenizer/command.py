"""`motionwire-train evaluate tokenizer`: measure how well a bundle's tokenizer gives real motion back."""

from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.progress import track

from motionwire.bundle import Bundle
from motionwire_training.evaluation.given import given, licence_of
from motionwire_training.evaluation.report import check_writable, lines, publish
from motionwire_training.evaluation.tokenizer.graphs import TokenizerGraphs
from motionwire_training.evaluation.tokenizer.reconstruction import reconstruction


def main(bundle: str, data: Path, json_file: str, threads: int) -> None:
    """json_file: "-" prints the figures as the only output, "" writes none."""
    check_writable(json_file)
    opened = Bundle.load(bundle)
    graphs = TokenizerGraphs(opened, threads)
    began = perf_counter()
    with given(data, licence_of(opened)) as clips:
        held = track(clips.held, description="reconstruction", console=Console(stderr=True), transient=True)
        figures = {"bundle": opened.name, "clips": len(clips.held), **reconstruction(graphs, held)}
    figures["seconds"] = round(perf_counter() - began, 1)
    publish(figures, json_file, "\n".join(lines(f"tokenizer of {opened.name}", figures)))
