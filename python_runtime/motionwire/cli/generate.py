"""`motionwire generate`: a sentence into a motion file, the format by its extension."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from motionwire import formats


def generate(
    sentence: Annotated[str, typer.Argument(help="what the character does, in English")],
    output: Annotated[Path, typer.Option("-o", "--output", help=f"file to write ({', '.join(formats.WRITABLE)})")],
    seed: Annotated[int, typer.Option(min=0, help="another seed, another motion")] = 0,
    seconds: Annotated[float | None, typer.Option(help="length; without it the model ends the motion itself")] = None,
    bundle: Annotated[str | None, typer.Option(help="name of an embedded bundle, or a bundle's folder")] = None,
    history: Annotated[Path | None, typer.Option(help="motion file to go on from")] = None,
    guidance: Annotated[float, typer.Option(help="how strongly the sentence pulls; 1 is plainly")] = 2.0,
    temperature: Annotated[float, typer.Option(help="0 always takes the likeliest motion")] = 1.0,
    top_p: Annotated[float, typer.Option(help="share of probability that is drawn from")] = 0.9,
) -> None:
    """Act a sentence out into a motion file."""
    from motionwire.bundle import Bundle, default  # noqa: PLC0415 - opens onnxruntime
    from motionwire.generator.generator import Generator  # noqa: PLC0415
    from motionwire.motion import features  # noqa: PLC0415

    formats.format_for_writing(output)
    before = None if history is None else formats.read_canonical(history)
    loaded = Bundle.load(bundle or default())
    generator = Generator(loaded)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    chunks = generator.stream(sentence, seconds, seed, before, guidance=guidance, temperature=temperature, top_p=top_p)
    total = None if seconds is None else seconds * features.FPS
    values = []
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.0f} frames"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("generating", total=total)
        for chunk in chunks:
            values.append(chunk)
            progress.update(task, advance=len(chunk))
    clip = generator.to_clip(np.concatenate(values), before, sentence)
    formats.write(clip, output)
    Console(highlight=False, soft_wrap=True).print(
        f"{output}: {len(clip)} frames at {clip.fps:g} fps, {clip.seconds:.2f} s, bundle {loaded.name}", markup=False
    )
    console.print(f"Licence of the motion's model: {loaded.licence_line}", markup=False)
