"""`motionwire-train evaluate text-to-motion`: what a bundle makes of sentences and motions, in figures and pictures.

The JSON holds the parts below under their names, what was left out and why, and the figures asked for most at its top:
content_accuracy and style_accuracy (seen wordings), *_unseen, *_situations, r_precision (1, 2, 3), fid, travel_ratio, foot_skate_cm_s.
"""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.generator.generator import Generator
from motionwire_training.evaluation.evaluator.judge import TRAINED, Judge
from motionwire_training.evaluation.given import given, licence_of
from motionwire_training.evaluation.report import check_writable, lines, publish
from motionwire_training.evaluation.text_to_motion import asking, filling, going_on, held_out
from motionwire_training.evaluation.text_to_motion.learned import learned_labels
from motionwire_training.evaluation.text_to_motion.library import library
from motionwire_training.evaluation.text_to_motion.pictures import Pictures
from motionwire_training.evaluation.text_to_motion.prompts import NAMES, TESTS
from motionwire_training.evaluation.text_to_motion.trial import Figures, Trial
from motionwire_training.evaluation.tokenizer.graphs import TokenizerGraphs
from motionwire_training.folders import make_folder


def main(
    bundle: str,
    data: Path | None,
    evaluator: Path | None,
    prompts: Sequence[str],
    tries: int,
    scale: float,
    threads: int,
    pictures: Path | None,
    json_file: str,
) -> None:
    """prompts: names of prompts that are acted out `tries` times each and judged, and nothing else is measured; none: all tests.
    json_file: "-" prints the figures as the only output, "" writes none. Raises InputError."""
    if unknown := sorted(set(prompts) - set(NAMES)):
        raise InputError(f"{', '.join(unknown)} are no prompts; known are {', '.join(NAMES)}", "--prompts")
    check_writable(json_file)
    if pictures is None and json_file not in ("", "-"):
        pictures = Path(json_file).with_suffix("").with_name(f"{Path(json_file).stem}-pictures")
    if pictures is not None:
        make_folder(pictures)
    opened, judge = Bundle.load(bundle), Judge(evaluator or TRAINED)
    began = perf_counter()
    with given(data, licence_of(opened)) as clips, library(clips.train()) as known:
        show = (lambda *_: None) if pictures is None else Pictures(pictures).add
        trial = Trial(Generator(opened, threads), judge, clips.held, known, scale, show, learned_labels(opened))
        if not known.labels and trial.learned is None:
            trial.left_out["prompts/untaught"] = "nothing says what the bundle learned: it is asked for all that the judge knows"
        figures = asked(trial, prompts, tries) if prompts else measure(trial, TokenizerGraphs(opened, threads))
    head = {"bundle": opened.name, "scale": scale, "evaluator_data": judge.data_version, "seconds": round(perf_counter() - began, 1)}
    figures = {**head, **figures, "left_out": trial.left_out}
    publish(figures, json_file, text(figures))


def asked(trial: Trial, prompts: Sequence[str], tries: int) -> Figures:
    """Figures of these prompts; what cannot be asked is in trial.left_out."""
    parts = _wordings(trial, prompts, tries)
    return {**accuracies(parts), **parts}


def measure(trial: Trial, tokenizer: TokenizerGraphs) -> Figures:
    """Figures by part, those asked for most before them; what cannot be measured is in trial.left_out."""
    parts = {
        **_wordings(trial, TESTS),
        "seeds": asking.seeds(trial),
        "held_out": held_out.held_out(trial, tokenizer),
        "continuation": going_on.continuation(trial),
        "between": filling.in_betweening(trial),
    }
    found = {name: part for name, part in parts.items() if part}
    return {**accuracies(found), **headline(found), **found}


def _wordings(trial: Trial, prompts: Sequence[str], tries: int = 1) -> Figures:
    parts = {f"prompts_{name}": asking.wordings(trial, name, tries) for name in prompts}
    return {name: part for name, part in parts.items() if part}


def accuracies(figures: Figures) -> Figures:
    """Content and style accuracy of the prompts that were asked."""
    top: Figures = {}
    for name in NAMES:
        if part := figures.get(f"prompts_{name}"):
            suffix = "" if name == "seen" else f"_{name}"
            top |= {f"{kind}_accuracy{suffix}": part[f"{kind}_accuracy"] for kind in ("content", "style")}
    return top


def headline(figures: Figures) -> Figures:
    """Of the rest, the figures asked for most."""
    held = figures.get("held_out", {})
    matching, real, training = (held.get("matching", {}).get(name, {}) for name in ("generated", "real", "training"))
    moved: Figures = held.get("physics") or next(
        (part["physics"] for part in figures.get("continuation", {}).values() if isinstance(part, dict) and "physics" in part), {}
    )
    top: Figures = {}
    for suffix, part in (("", matching), ("_real", real)):
        top[f"r_precision{suffix}"] = [part[f"r_precision_{most}"]["mean"] for most in (1, 2, 3)] if part else None
    return top | {
        "fid": matching.get("fid", {}).get("mean"),
        "fid_clips": held.get("clips") if "fid" in matching else None,
        "fid_training": training.get("fid", {}).get("mean"),
        "travel_ratio": held.get("travel", {}).get("generated", {}).get("median_ratio"),
        "foot_skate_cm_s": moved.get("generated", {}).get("foot_skate_cm_s"),
    }


def text(figures: Figures) -> str:
    """All tables."""
    parts = [lines(f"text-to-motion of {figures['bundle']}", {k: v for k, v in figures.items() if not isinstance(v, dict)})]
    parts += [lines(name, part) for name, part in figures.items() if isinstance(part, dict) and part]
    return "\n\n".join("\n".join(part) for part in parts)
