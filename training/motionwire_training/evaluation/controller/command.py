"""`motionwire-train evaluate controller`: measure a bundle, print the tables, write the figures and the pictures."""

import json
from contextlib import ExitStack
from pathlib import Path

import msgspec

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.formats.atomic import write_atomically
from motionwire.server import settings as server_settings
from motionwire_training.evaluation.controller.dataset import compared, dataset
from motionwire_training.evaluation.controller.pictures import Pictures
from motionwire_training.evaluation.controller.scorecard import Scorecard, evaluate
from motionwire_training.evaluation.controller.table import figures_table, path_table, target_table
from motionwire_training.folders import make_folder


def main(
    bundle: str, json_file: str, seeds: int, scale: float, data: Path | None, pictures: Path | None, config: Path | None = None
) -> None:
    """json_file: "-" prints the figures as the only output, "" writes none; pictures: a folder that is made where it is missing; config:
    the server's file, whose [controller] settings are measured."""
    opened, settings = Bundle.load(bundle), server_settings.load(config).controller
    if json_file not in ("", "-") and not Path(json_file).parent.is_dir():
        raise InputError("cannot write: No such file or directory", json_file)  # before the long work, not after it
    if pictures is not None:
        make_folder(pictures)
    with ExitStack() as stack:
        folder = None if data is None else stack.enter_context(dataset(data))
        trained_on = [part.source for part in opened.manifest.training_data]
        sources = trained_on if data is None or folder is None else compared(data, folder, trained_on)
        drawn = None if pictures is None else Pictures(pictures)
        card = evaluate(opened, seeds, scale, folder, sources, (lambda *_: None) if drawn is None else drawn.add, settings)
        if drawn is not None:
            drawn.finish()
    drive = {"seeds": seeds, "scale": scale, "settings": msgspec.to_builtins(settings)}
    figures = json.dumps({"bundle": opened.name, **drive, **card.as_json()})
    print(figures if json_file == "-" else text(card))
    if json_file not in ("", "-"):
        write_atomically(Path(json_file), figures.encode() + b"\n")


def text(card: Scorecard) -> str:
    """All tables."""
    parts = [path_table(card.paths)]
    parts += [figures_table(f"recorded: {kind}", figures) for kind, figures in card.data.items()]
    parts += [figures_table(title, figures) for title, figures in (("styles", card.styles), ("val", card.validation)) if figures]
    return "\n\n".join([*parts, target_table(card.verdicts)])
