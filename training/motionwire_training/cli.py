"""`motionwire-train`: one subcommand per stage. Each imports its own modules only when it runs, so that `--help` is quick.

Model stages take `key=value` words over `configs/STAGE.yaml`:

    motionwire-train import ../shared/data --out datasets/shared
    motionwire-train tokenizer data=datasets/shared licence=research out=runs/tokenizer steps=4000
    accelerate launch --num_processes 2 -m motionwire_training.cli tokenizer data=... out=...
"""

from pathlib import Path
from typing import Annotated

import typer

from motionwire.cli.main import run

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Prepare motion data and train the models of a bundle."
)
Overrides = Annotated[
    list[str] | None, typer.Argument(metavar="KEY=VALUE...", help="data=DIR licence=free|research out=DIR and any recipe value")
]


@app.command("import")
def import_(
    sources: Annotated[list[Path], typer.Argument(help="folders, archives with a manifest, or motion files")],
    out: Annotated[Path, typer.Option(help="dataset folder to write; an interrupted import goes on")],
    workers: Annotated[int, typer.Option(min=0, help="processes, 0: one per core")] = 0,
    from_rig: Annotated[
        list[str] | None,
        typer.Option("--from-rig", metavar="PROFILE", help="profile file of a rig of yours; may be given again (docs/rigs.md)"),
    ] = None,
) -> None:
    """Turn motion files into sharded canonical clips with labels, captions and a quality report."""
    from motionwire_training.data.importer import main  # noqa: PLC0415

    main(sources, out, workers, from_rig or ())


@app.command()
def tokenizer(overrides: Overrides = None) -> None:
    """Train the FSQ motion tokenizer."""
    from motionwire_training.configuration import load_config  # noqa: PLC0415
    from motionwire_training.tokenizer.configuration import TokenizerConfig  # noqa: PLC0415

    config = load_config("tokenizer", TokenizerConfig, overrides or [])
    from motionwire_training.tokenizer.train import main  # noqa: PLC0415

    main(config)


@app.command("compare-quantizers")
def compare_quantizers(overrides: Overrides = None) -> None:
    """Train the tokenizer with FSQ, VQ, RVQ and LFQ on the same budget and print a table."""
    from motionwire_training.tokenizer.compare import main, table  # noqa: PLC0415

    typer.echo(table(main(overrides or [])))


@app.command("text-encoder")
def text_encoder(overrides: Overrides = None) -> None:
    """Train the text encoder's sentence layers on the captions of a data set."""
    from motionwire_training.configuration import load_config  # noqa: PLC0415
    from motionwire_training.text_encoder.configuration import TextEncoderConfig  # noqa: PLC0415

    config = load_config("text_encoder", TextEncoderConfig, overrides or [])
    from motionwire_training.text_encoder.train import main  # noqa: PLC0415

    main(config)


@app.command("text-to-motion")
def text_to_motion(overrides: Overrides = None) -> None:
    """Train the text-to-motion transformer on the tokens of a trained tokenizer (tokenizer=RUN)."""
    from motionwire_training.configuration import load_config  # noqa: PLC0415
    from motionwire_training.text_to_motion.configuration import TextToMotionConfig  # noqa: PLC0415

    config = load_config("text_to_motion", TextToMotionConfig, overrides or [])
    from motionwire_training.text_to_motion.train import main  # noqa: PLC0415

    main(config)


@app.command()
def controller(overrides: Overrides = None) -> None:
    """Train the gamepad controller."""
    from motionwire_training.configuration import load_config  # noqa: PLC0415
    from motionwire_training.controller.configuration import ControllerConfig  # noqa: PLC0415

    config = load_config("controller", ControllerConfig, overrides or [])
    from motionwire_training.controller.train import main  # noqa: PLC0415

    main(config)


@app.command()
def evaluator(overrides: Overrides = None) -> None:
    """Train the judge of generated motion on real training clips."""
    from motionwire_training.configuration import load_config  # noqa: PLC0415
    from motionwire_training.evaluation.evaluator.configuration import EvaluatorConfig  # noqa: PLC0415

    config = load_config("evaluator", EvaluatorConfig, overrides or [])
    from motionwire_training.evaluation.evaluator.train import main  # noqa: PLC0415

    main(config)


@app.command("evaluator-ranges")
def evaluator_ranges(
    run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="run folder of an evaluator")],
    data: Annotated[Path, typer.Option(help="data set folder of `motionwire-train import`")],
) -> None:
    """Give a trained evaluator the joint ranges of a data set's training clips."""
    from motionwire_training.evaluation.evaluator.ranges import renew  # noqa: PLC0415

    renew(run_folder, data)


evaluate = typer.Typer(no_args_is_help=True, help="Measure the models of a bundle.")
app.add_typer(evaluate, name="evaluate")


@evaluate.command("controller")
def evaluate_controller(
    bundle: Annotated[str, typer.Option(help="bundle name or folder")] = "free",
    data: Annotated[
        Path | None, typer.Option(help="imported data set, or folder of motion files, whose recorded motion to compare with")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="characters per path, each by its own phase and random stick")] = 5,
    scale: Annotated[float, typer.Option(min=0.02, max=10, help="length of the long trials, 1 for the whole scorecard")] = 1.0,
    pictures: Annotated[Path | None, typer.Option(help="draw plots and contact sheets into this folder")] = None,
    json: Annotated[str, typer.Option(metavar="FILE", help="write the figures to this file; - prints them as the only output")] = "",
    config: Annotated[Path | None, typer.Option(help="drive it by the [controller] settings of this file for `motionwire serve`")] = None,
) -> None:
    """Drive the controller along the scorecard's paths and measure what it does."""
    from motionwire_training.evaluation.controller.command import main  # noqa: PLC0415

    main(bundle, json, seeds, scale, data, pictures, config)


Evaluated = Annotated[Path, typer.Option(help="imported data set, folder of motion files, manifest, or a motion file")]
Figures = Annotated[str, typer.Option(metavar="FILE", help="write the figures to this file; - prints them as the only output")]
Threads = Annotated[int, typer.Option(min=1, help="threads of each graph")]


@evaluate.command("tokenizer")
def evaluate_tokenizer(
    data: Evaluated,
    bundle: Annotated[str, typer.Option(help="bundle name or folder")] = "free",
    threads: Threads = 2,
    search: Annotated[int, typer.Option(min=0, max=256, help="also search for better codes than the encoder's, by so many beams")] = 0,
    json: Figures = "",
) -> None:
    """Reconstruct real clips and measure what is lost."""
    from motionwire_training.evaluation.tokenizer.command import main  # noqa: PLC0415

    main(bundle, data, json, threads, search)


@evaluate.command("text-to-motion")
def evaluate_text_to_motion(
    bundle: Annotated[str, typer.Option(help="bundle name or folder")] = "free",
    data: Annotated[
        Path | None,
        typer.Option(help="imported data set, folder of motion files, or manifest: real motion to compare with and to go on from"),
    ] = None,
    evaluator: Annotated[
        Path | None, typer.Option(help="run of `motionwire-train evaluator`; the one that comes along if not given")
    ] = None,
    prompts: Annotated[
        list[str] | None, typer.Option(help="only these: development (to choose by), seen, unseen or situations; may be given again")
    ] = None,
    tries: Annotated[int, typer.Option(min=1, help="how often each of --prompts is acted out, by another seed each time")] = 1,
    scale: Annotated[float, typer.Option(min=0.01, max=1, help="share of the prompts and of the held-out clips that is used")] = 1.0,
    threads: Threads = 2,
    pictures: Annotated[
        Path | None, typer.Option(help="folder for sheets of generated clips; FILE-pictures where a JSON is written")
    ] = None,
    json: Figures = "",
) -> None:
    """Let the bundle act out sentences and go on from motions, and measure what comes of it."""
    from motionwire_training.evaluation.text_to_motion.command import main  # noqa: PLC0415

    main(bundle, data, evaluator, prompts or [], tries, scale, threads, pictures, json)


@evaluate.command("phase")
def evaluate_phase(
    data: Annotated[Path, typer.Option(help="data set folder of `motionwire-train import`")],
    pictures: Annotated[Path | None, typer.Option(help="draw one clip of each content into this folder")] = None,
    json: Annotated[str, typer.Option(metavar="FILE", help="write the figures to this file; - prints them as the only output")] = "",
) -> None:
    """Check the soft phase of the validation clips against foot strikes that are found without contacts."""
    from motionwire_training.evaluation.phase import main  # noqa: PLC0415

    main(data, json, pictures)


tune = typer.Typer(no_args_is_help=True, help="Find the controller's settings.")
app.add_typer(tune, name="tune")
TrialOverrides = Annotated[
    list[str] | None, typer.Argument(metavar="KEY=VALUE...", help="data=DIR licence=free|research out=DIR trials=N and any recipe value")
]


@tune.command("controller")
def tune_controller(overrides: TrialOverrides = None) -> None:
    """Search the controller's settings with Optuna; an interrupted study goes on when given again."""
    from motionwire_training.tuning.study import main  # noqa: PLC0415

    main(overrides or [])


@tune.command("profile")
def tune_profile(
    overrides: Overrides = None,
    json: Annotated[str, typer.Option(metavar="FILE", help="write the figures to this file; - prints them as the only output")] = "",
) -> None:
    """Say what a data set holds for the controller and propose settings for it."""
    from motionwire_training.tuning.profile_command import main  # noqa: PLC0415

    main(overrides or [], json)


@tune.command("adjust")
def tune_adjust(
    run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="run folder of a controller")],
    json: Annotated[str, typer.Option(metavar="FILE", help="write the proposal to this file; - prints it as the only output")] = "",
) -> None:
    """Propose changed settings from the metrics of a run."""
    from motionwire_training.tuning.adjust import main  # noqa: PLC0415

    main(run_folder, json)


def main() -> None:
    """Entry point: the user's mistakes are one line on standard error and exit code 2."""
    run(app, "train")


if __name__ == "__main__":
    main()
