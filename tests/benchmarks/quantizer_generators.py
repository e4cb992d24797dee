"""What a generator makes of each quantiser: the same small transformer trained on the codes of every tokenizer of a comparison.

    motionwire-train compare-quantizers data=DATA licence=research out=TOKENIZERS ...
    python tests/benchmarks/quantizer_generators.py TOKENIZERS OUT [--only NAME] [KEY=VALUE ...]

Words are of `motionwire-train text-to-motion`. Data and licence are the tokenizers'. OUT keeps the runs, the bundles, the figures of each
(NAME.json) and table.md with all of them; what is there is not made again. Prompts, held-out clips and measures are those of
`motionwire-train evaluate text-to-motion`, on the exported graphs.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from motionwire.bundle import Bundle
from motionwire.generator import layout
from motionwire.generator.generator import Generator
from motionwire.motion import features
from motionwire_export.assemble import assemble
from motionwire_training.configuration import load_config
from motionwire_training.data.labels import content_label, style_label
from motionwire_training.evaluation.evaluator.judge import Judge
from motionwire_training.evaluation.given import given
from motionwire_training.evaluation.text_to_motion import asking, held_out
from motionwire_training.evaluation.text_to_motion.accuracy import accuracies
from motionwire_training.evaluation.text_to_motion.library import library
from motionwire_training.evaluation.text_to_motion.prompts import Prompt
from motionwire_training.evaluation.text_to_motion.trial import Trial
from motionwire_training.evaluation.tokenizer.graphs import TokenizerGraphs
from motionwire_training.folders import make_folder
from motionwire_training.run import read_metrics, write_json
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.text_to_motion.train import main as train
from motionwire_training.tokenizer.compare import CONTENDERS
from motionwire_training.tokenizer.load import load_tokenizer

POSITIONS_A_SECOND = features.FPS / layout.STRIDE
HEAD = (
    "quantiser", "codes", "MPJPE mm", "given back: content", "style", "nats a second", "held-out: content", "style",
    "seen: content", "style", "R@3", "FID", "skate cm/s", "jerk m/s3",
)  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("tokenizers", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("words", nargs="*", metavar="KEY=VALUE")
    arguments.add_argument("--only", action="append", metavar="NAME", help="may be given several times; all that are trained without it")
    arguments.add_argument("--scale", type=float, default=1.0, help="share of the prompts and of the held-out clips that is used")
    asked = arguments.parse_intermixed_args()
    names = [contender.name for contender in CONTENDERS]
    for name in asked.only or [name for name in names if read_metrics(asked.tokenizers / name)]:
        compare(asked.tokenizers / name, asked.out, asked.words, asked.scale)
    written = table([found for name in names if (found := read(asked.out / f"{name}.json"))])
    (asked.out / "table.md").write_text(written)
    print(written)


def compare(tokenizer: Path, out: Path, words: Sequence[str], scale: float) -> None:
    """Train one tokenizer's generator, export and measure it, as far as that is not done yet."""
    run, bundle, figures = out / tokenizer.name, out / "bundles" / tokenizer.name, out / f"{tokenizer.name}.json"
    make_folder(bundle.parent)
    config = load_tokenizer(tokenizer).config
    common = [f"data={config.data}", f"licence={config.licence}", f"tokenizer={tokenizer}", f"out={run}"]
    trained = train(load_config("text_to_motion", TextToMotionConfig, [*words, *common]))
    if not bundle.exists():
        assemble([tokenizer, run], bundle, tokenizer.name)
    if read(figures).get("scale") != scale:
        made = measured(Bundle.load(str(bundle)), Path(config.data), config.licence, scale)
        reconstructed = {"mpjpe_mm": read_metrics(tokenizer)["mpjpe_mm"], "codes": config.codes, "groups": config.groups}
        said = {"scale": scale, "quantizer": config.quantizer, "nats_a_second": trained["loss"] * config.groups * POSITIONS_A_SECOND}
        write_json(figures, {**said, **reconstructed, **made})


def read(figures: Path) -> dict[str, Any]:
    """What was measured, {} before."""
    return dict(json.loads(figures.read_text())) if figures.exists() else {}


def measured(bundle: Bundle, data: Path, licence: str, scale: float) -> dict[str, Any]:
    """Prompts in seen wordings and sentences of held-out clips acted out, and held-out clips given back by the tokenizer."""
    tokenizer = TokenizerGraphs(bundle)
    with given(data, licence) as clips, library(()) as nothing:
        trial = Trial(Generator(bundle), Judge(), clips.held, nothing, scale, lambda *_: None)
        return {
            "seen": asking.wordings(trial, "seen"),
            "held_out": held_out.held_out(trial, tokenizer),
            "given_back": given_back(trial, tokenizer),
        }


def given_back(trial: Trial, tokenizer: TokenizerGraphs) -> dict[str, Any]:
    """What the judge calls held-out clips that went through the tokenizer, without a generator."""
    labels = [(content_label(clip.labels), style_label(str(clip.labels.get("style") or ""))) for clip in trial.held]
    known = [index for index, (content, _) in enumerate(labels) if content in trial.judge.contents]
    prompts = [Prompt("", (labels[i][0],), labels[i][1] if labels[i][1] in trial.judge.styles else "") for i in known]
    return accuracies(prompts, *trial.judge.names([tokenizer.replay(trial.held[i].features) for i in known]))


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The figures in Markdown, real data's own in the last line."""
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    for one in rows:
        codes = f"{one['groups']} x {one['codes']:,}" if one["groups"] != 1 else f"{one['codes']:,}"
        cells = (one["quantizer"], codes, f"{one['mpjpe_mm']:.1f}", *shares(one["given_back"]), f"{one['nats_a_second']:.1f}")
        generated = (*shares(one["held_out"]["named"]["generated"]), *shares(one["seen"]), *moved(one["held_out"], "generated"))
        lines.append(f"| {' | '.join((*cells, *generated))} |")
    if rows:
        held = rows[0]["held_out"]
        real = ("real clips", *[""] * 5, *shares(held["named"]["real"]), "", "", *moved(held, "real"))
        lines.append(f"| {' | '.join(real)} |")
    return "\n".join(lines) + "\n"


def shares(part: dict[str, Any]) -> tuple[str, ...]:
    """Content and style that the judge names right."""
    return tuple(f"{part[f'{kind}_accuracy']:.0%}" for kind in ("content", "style"))


def moved(part: dict[str, Any], whose: str) -> tuple[str, ...]:
    """R-precision@3, FID, skate cm/s and median jerk m/s^3 of the clips of held-out sentences."""
    matching, physics = part["matching"][whose], part["physics"][whose]
    fid = f"{matching['fid']['mean']:.3f}" if "fid" in matching else ""
    return f"{matching['r_precision_3']['mean']:.2f}", fid, f"{physics['foot_skate_cm_s']:.1f}", f"{physics['jerk_p50_m_s3']:.0f}"


if __name__ == "__main__":
    main()
