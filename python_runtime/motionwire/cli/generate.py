"""`motionwire generate`: sentences into motion files, one or ten thousand, from and to poses, as loops, on any rig."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from motionwire import formats
from motionwire.bundle import Bundle, default
from motionwire.cleaning import Smoothing
from motionwire.cli.convert import frame_rate
from motionwire.cores import usable_cores
from motionwire.errors import InputError
from motionwire.generator.layout import MAX_TEXT
from motionwire.generator.sentences import heard_words, read_tokenizer
from motionwire.offline import asked, run
from motionwire.offline.maker import Outcome
from motionwire.offline.order import Item, Order
from motionwire.offline.sheet import FILE, write_sheet

Legs = list[tuple[str, float | None]]
MOST_VARIANTS = 100_000
TOLD = 20  # failures told one by one; the rest is counted


def generate(
    sentence: Annotated[str, typer.Argument(help="what the character does, in English; may be empty with --continue and --between")] = "",
    output: Annotated[
        Path, typer.Option("-o", "--output", help=f"file ({', '.join(formats.WRITABLE)}), or a folder: several clips need one")
    ] = Path("clips"),
    file: Annotated[Path | None, typer.Option("--file", help="text file with a sentence a line")] = None,
    timeline: Annotated[Path | None, typer.Option("--timeline", help=".yaml or .csv with sentence, start, seconds: one clip")] = None,
    count: Annotated[int, typer.Option(min=1, max=MOST_VARIANTS, help="variants of each sentence")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="another seed, another motion; variants count up from it")] = 0,
    seconds: Annotated[float | None, typer.Option(help="length; without it the model ends the motion itself")] = None,
    loop: Annotated[bool, typer.Option("--loop", help="pose and velocity meet; about --seconds long")] = False,
    in_place: Annotated[bool, typer.Option("--in-place", help="without the way over the ground")] = False,
    start_pose: Annotated[Path | None, typer.Option("--start-pose", help="motion file whose last frame the clip begins with")] = None,
    between: Annotated[
        tuple[Path, Path] | None, typer.Option("--between", help="from the last frame of A to the first of B in --seconds", metavar="A B")
    ] = None,
    go_on: Annotated[Path | None, typer.Option("--continue", help="motion file that the clip goes on from")] = None,
    extension: Annotated[str | None, typer.Option("--format", help="of clips in a folder, by extension; .bvh if not given")] = None,
    rig: Annotated[str | None, typer.Option("--rig", help="put the motion on this rig: a profile's name or file (docs/rigs.md)")] = None,
    fps: Annotated[float | None, typer.Option("--fps", help="frame rate of the file; the model's is 30")] = None,
    smooth: Annotated[Smoothing | None, typer.Option("--smooth", help="filter against jitter")] = None,
    ground: Annotated[bool, typer.Option("--ground", help="put the feet's lowest stance on the ground")] = False,
    lock_feet: Annotated[bool, typer.Option("--lock-feet", help="keep feet in confident contact where they are")] = False,
    foot_ik: Annotated[bool, typer.Option("--foot-ik/--no-foot-ik", help="with --rig: legs bend so that feet stay where they were")] = True,
    bundle: Annotated[str | None, typer.Option(help="name of an embedded bundle, or a bundle's folder")] = None,
    guidance: Annotated[float | None, typer.Option(help="how strongly the sentence pulls; 1 is plainly; unset: the bundle's own")] = None,
    temperature: Annotated[float | None, typer.Option(help="0 always takes the likeliest motion; unset: the bundle's own")] = None,
    top_p: Annotated[float | None, typer.Option(help="share of probability that is drawn from; unset: the bundle's own")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="processes; unset: one a core")] = None,
    cluster: Annotated[str | None, typer.Option("--ray", help="make the clips on a Ray cluster: its address, or `local`")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Act sentences out into motion files.

    Several clips go into a folder, named after their sentences, with an index.html to choose from; asked again, clips that are there
    are not made again. Beside each clip lies a JSON with sentence, seed, bundle, licence and read-outs of its quality.
    """
    loaded = Bundle.load(bundle or default())
    _check_sources(sentence, file, timeline, (start_pose, between, go_on))
    past = between[0] if between is not None else start_pose or go_on
    rows, wrong = _asked(sentence, file, timeline, seconds, past is not None)
    items = [item for where, legs in rows for item in asked.variants(where, legs, seed, count)]
    to_file = file is None and count == 1 and not output.is_dir() and output.suffix != ""
    target = output if to_file else output / f"clip.{(extension or 'bvh').removeprefix('.')}"
    if extension is not None and not target.name.lower().endswith(f".{extension.lower().removeprefix('.')}"):
        raise InputError(f"the file's own extension says its format, not --format {extension}", output)
    if not to_file:
        if output.suffix.lower() in formats.WRITABLE and not output.is_dir():
            raise InputError("several clips go into a folder, not into a file", output)
        _make_folder(output)
    wanted = formats.format_for_writing(target)
    rate = frame_rate(fps, wanted, target)
    if rig is not None and not wanted.any_rig:
        raise InputError(f"{wanted.extension} files hold the canonical skeleton only; leave out --rig", target)
    order = Order(
        bundle=str(loaded.folder.resolve()) if cluster is None else bundle or default(),
        folder=str(target.parent),
        extension=target.name[-len(wanted.extension) :],
        guidance=guidance,
        temperature=temperature,
        top_p=top_p,
        loop=loop,
        in_place=in_place,
        past=None if past is None else str(past),
        target=None if between is None else str(between[1]),
        pose=between is not None or start_pose is not None,
        smooth=None if smooth is None else smooth.value,
        ground=ground,
        lock_feet=lock_feet,
        fps=rate,
        rig=rig,
        foot_ik=foot_ik,
    )
    motions = order.motions()
    for item in items[:1]:
        order.task(item, motions)  # what no clip can be made of is told at once
    if bundle is None and loaded.manifest.suggestions:
        knows = "; ".join(loaded.manifest.suggestions)
        typer.echo(f"bundle {loaded.name} knows, among others: {knows}. Of what it does not know it makes one of these", err=True)
    _tell_unheard(rows, loaded)
    done: list[Item] = []
    if to_file:
        items = [Item(item.where, item.legs, item.seed, target.name[: -len(order.extension)]) for item in items]
    else:
        items, done = run.split(order, items, order.fingerprint(loaded))
    processes = workers or usable_cores()
    outcomes: list[Outcome] = []
    try:
        _make(run.make(order, items, processes, cluster), len(items), outcomes)
    except KeyboardInterrupt:
        if not to_file:
            there = len(done) + sum(not outcome.error for outcome in outcomes)
            typer.echo(f"{output}: stopped with {there} of {len(done) + len(items)} clips; the same command makes the others", err=True)
        raise
    made, failed = [one for one in outcomes if not one.error], [one for one in outcomes if one.error]
    if to_file and failed:
        raise InputError(failed[0].error)
    lost = [*wrong, *((outcome.item.where, outcome.error) for outcome in failed)]
    if not to_file:
        try:
            write_sheet(output)
        except InputError as error:  # the clips are there all the same, and what became of them is to be told
            lost.append(("contact sheet", str(error)))
    told = {
        "clips": len(made),
        "seconds": round(sum(outcome.seconds for outcome in made), 3),
        "there_already": len(done),
        "failed": len(lost),
        "output": str(output if to_file else output / FILE),
        "bundle": loaded.name,
        "licence": loaded.licence_line,
    }
    _tell(told, lost, as_json)
    if lost:
        raise typer.Exit(2)


def _check_sources(sentence: str, file: Path | None, timeline: Path | None, motions: tuple[object, ...]) -> None:
    """Refuse two of what there can be one of."""
    if sum(given for given in (bool(sentence), file is not None, timeline is not None)) > 1:
        raise InputError("give a sentence, --file or --timeline, not several of them")
    if sum(motion is not None for motion in motions) > 1:
        raise InputError("give one of --start-pose, --between and --continue")


def _asked(
    sentence: str, file: Path | None, timeline: Path | None, seconds: float | None, may_be_empty: bool
) -> tuple[list[tuple[str, Legs]], list[tuple[str, str]]]:
    """What is asked, each with the place where it stands, and the places of sentences that are none with what is wrong with them."""
    if timeline is not None:
        return [(str(timeline), asked.timeline(timeline, seconds))], []
    if file is None:
        error = asked.check_sentence(sentence)
        if error and (sentence.strip() or not may_be_empty):
            raise InputError(error)
        return [("the sentence", [(sentence, seconds)])], []
    lines = [(where, line, asked.check_sentence(line)) for where, line in asked.sentences(file)]
    return [(where, [(line, seconds)]) for where, line, error in lines if not error], [(where, error) for where, _, error in lines if error]


def _tell_unheard(rows: list[tuple[str, Legs]], bundle: Bundle) -> None:
    """A line for each sentence that is longer than the model hears."""
    long = dict.fromkeys((where, text) for where, legs in rows for text, _ in legs if len(text) > MAX_TEXT - 2)  # a letter a token at least
    if not long:
        return
    tokenizer, lines = read_tokenizer(bundle), []
    for where, text in long:
        words, heard = text.split(), heard_words(tokenizer, text)
        if heard < len(words):
            lines.append(f"{where}: nothing is heard from word {heard + 1} of {len(words)} on, {words[heard]!r}: too long for the model")
    lines[TOLD:] = [f"and {len(lines) - TOLD} more sentences are too long"] if len(lines) > TOLD else []
    for line in lines:
        typer.echo(line, err=True)


def _make_folder(folder: Path) -> None:
    """The folder that clips go into, made where it is missing; raises InputError where it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the folder: {error.strerror}", folder) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError("cannot write into this folder", folder)


def _make(outcomes: Iterator[Outcome], total: int, told: list[Outcome]) -> None:
    """Put into `told` what becomes of the clips, with a progress bar meanwhile."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("clips", total=total)
        for outcome in outcomes:
            told.append(outcome)
            progress.update(bar, advance=1)


def _tell(told: dict[str, Any], lost: list[tuple[str, str]], as_json: bool) -> None:
    """The summary, and what failed."""
    if as_json:
        print(json.dumps({**told, "errors": [{"where": where, "error": error} for where, error in lost]}))
        return
    errors = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
    for where, error in lost[:TOLD]:
        errors.print(InputError(error, where), markup=False)
    if len(lost) > TOLD:
        errors.print(f"and {len(lost) - TOLD} more (--json lists all)", markup=False)
    parts = [f"{told['clips']} clip{'' if told['clips'] == 1 else 's'} made", f"{told['seconds']:.2f} s of motion"]
    parts += [f"{told['there_already']} there already"] if told["there_already"] else []
    parts += [f"{len(lost)} failed"] if lost else []
    Console(highlight=False, soft_wrap=True).print(f"{told['output']}: {', '.join(parts)}, bundle {told['bundle']}", markup=False)
    errors.print(f"Licence of the motion's model: {told['licence']}", markup=False)
