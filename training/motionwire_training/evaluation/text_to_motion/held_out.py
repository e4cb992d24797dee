"""The sentences of held-out clips acted out, beside the clips themselves and beside what retrieval would play."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import features
from motionwire.motion.clip import Clip
from motionwire_training.data.labels import content_label, style_label
from motionwire_training.evaluation.text_to_motion import copies, matching
from motionwire_training.evaluation.text_to_motion.accuracy import accuracies
from motionwire_training.evaluation.text_to_motion.making import make, sentence
from motionwire_training.evaluation.text_to_motion.physics import physics, ratios
from motionwire_training.evaluation.text_to_motion.prompts import Prompt
from motionwire_training.evaluation.text_to_motion.travel import travel
from motionwire_training.evaluation.text_to_motion.trial import LONGEST, REPETITIONS, Array, Figures, Trial, clip_of
from motionwire_training.evaluation.tokenizer.graphs import TokenizerGraphs

SETS = 3  # motions made for each clip, each from another of its sentences
REPLAYED = 60  # training clips that are given back by the tokenizer


def held_out(trial: Trial, tokenizer: TokenizerGraphs) -> Figures:
    """Figures by part: matching, named, travel, physics, copies."""
    told = [clip for clip in trial.some(trial.held) if clip.labels.get("captions") and content_label(clip.labels)]
    if len(told) < 2:
        reason = "the clips have no labels and captions" if trial.held else "no real motion given (--data)"
        trial.left_out |= dict.fromkeys(("matching", "named", "copies"), reason)
        return {}
    real = [clip.features[:LONGEST] for clip in told]
    labels = [(content_label(clip.labels), style_label(str(clip.labels.get("style") or ""))) for clip in told]
    texts = [[str(text) for text in trial.random.permutation(clip.labels["captions"])[:SETS]] for clip in told]
    said = [[own[s % len(own)] for own in texts] for s in range(SETS)]
    tasks = {(s, i): sentence(said[s][i], len(values) / features.FPS, s) for s in range(SETS) for i, values in enumerate(real)}
    made = make(trial.generator, tasks, "held-out sentences")
    sets = {"real": [real] * SETS, "generated": [[made[s, i].features for i in range(len(told))] for s in range(SETS)]}
    if len(trial.library):
        found = [trial.library.found_by(trial.judge, own, trial.random) for own in said]
        sets["retrieved"] = [[trial.library.features(clip)[:LONGEST] for clip in own] for own in found]
    else:
        trial.left_out["retrieved"] = "no training clips given"
    trial.show("held_out", [(f"{said[0][i]} ({', '.join(labels[i])})", made[0, i].clip) for i in range(len(told))])
    figures = {
        "clips": len(told),
        "matching": _matched(trial, sets, said, labels),
        "named": {name: _named(trial, labels, own) for name, own in sets.items()},
        "travel": {name: _travelled(labels, real, own[0]) for name, own in sets.items() if name != "real"},
        "physics": compared(trial, [clip_of(values) for values in real], [made[0, i].clip for i in range(len(told))]),
    }
    return figures | ({"copies": _copies(trial, sets["generated"][0], tokenizer)} if len(trial.library) else {})


def compared(trial: Trial, real: Sequence[Clip], made: Sequence[Clip]) -> Figures:
    """Feet, jerk and joints of both, and their ratios."""
    own, generated = (physics(clips, trial.judge.ranges) for clips in (real, made))
    return {"real": own, "generated": generated, "ratios": ratios(generated, own)}


def _matched(
    trial: Trial, sets: dict[str, list[list[Array]]], said: list[list[str]], labels: Sequence[tuple[str, str]]
) -> dict[str, Figures]:
    """Measures in the evaluator's space by what moves; the real clips have no FID, the others theirs against these."""
    if len(labels) < matching.POOL:
        trial.left_out["matching/r_precision"] = f"fewer than {matching.POOL} real clips with labels and captions"
    words = [trial.judge.sentences(own) for own in said]
    vectors = {
        name: [trial.judge.motions(own[0])] * SETS if name == "real" else list(map(trial.judge.motions, own)) for name, own in sets.items()
    }
    real = vectors["real"][0]
    if not matching.enough_for_fid(real):
        trial.left_out["matching/fid"] = f"{len(real)} real clips with labels and captions: it takes more than {real.shape[1]}"
    found = {name: _repeated(trial, own, words, labels, None if name == "real" else real) for name, own in vectors.items()}
    return found | ({"training": training} if (training := _training(trial, labels, real)) else {})


def _training(trial: Trial, labels: Sequence[tuple[str, str]], real: NDArray[np.float64]) -> Figures:
    """FID of real training clips of the same labels, drawn anew for each set, against those held-out clips that have such: what a
    generator that is as good as recording would get. Empty where these are too few."""
    rows: dict[tuple[str, str], list[int]] = {}
    for row, label in enumerate(trial.library.labels):
        rows.setdefault(label, []).append(row)
    there = [index for index, label in enumerate(labels) if label in rows]
    if not matching.enough_for_fid(real[there]):
        return {}
    fids = []
    for _ in range(SETS):
        drawn = [int(trial.random.choice(rows[labels[index]])) for index in there]
        fids.append(matching.fid(real[there], trial.judge.motions([trial.library.features(row)[:LONGEST] for row in drawn])))
    return {"clips": len(there), "fid": matching.spread(fids)}


def _travelled(labels: Sequence[tuple[str, str]], real: Sequence[Array], made: Sequence[Array]) -> Figures:
    return travel([content for content, _ in labels], *([clip_of(values) for values in own] for own in (real, made)))


def _repeated(
    trial: Trial,
    motions: list[NDArray[np.float64]],
    words: list[NDArray[np.float64]],
    labels: Sequence[tuple[str, str]],
    real: NDArray[np.float64] | None,
) -> Figures:
    """Each measure's mean and interval over the sets; what is drawn anew within a set (pools, pairs) is averaged there, since its
    repetitions share their motions."""
    rows: dict[str, list[list[float]]] = {}
    for repetition in range(REPETITIONS):
        own, said = motions[repetition % SETS], words[repetition % SETS]
        found = dict(
            zip(("r_precision_1", "r_precision_2", "r_precision_3"), matching.r_precision(own, said, labels, trial.random), strict=True)
        )
        found["mm_dist"] = matching.matching_distance(own, said)
        found["diversity"] = matching.diversity(own, trial.random)
        if real is not None and matching.enough_for_fid(real):
            found["fid"] = matching.fid(real, own)
        for name, value in found.items():
            rows.setdefault(name, [[] for _ in range(SETS)])[repetition % SETS].append(float(value))
    return {name: matching.spread([float(np.mean(values)) for values in of_sets]) for name, of_sets in rows.items()}


def _named(trial: Trial, labels: Sequence[tuple[str, str]], sets: list[list[Array]]) -> Figures:
    """Accuracy of the judge on clips with these labels, as far as it knows them; a set that stands there again counts once."""
    different = [own for number, own in enumerate(sets) if own is not sets[0] or number == 0]
    known = [index for index, (content, _) in enumerate(labels) if content in trial.judge.contents]
    prompts = [Prompt("", (labels[index][0],), labels[index][1] if labels[index][1] in trial.judge.styles else "") for index in known]
    clips = [own[index] for own in different for index in known]
    return accuracies(prompts * len(different), *trial.judge.names(clips)) if clips else {}


def _copies(trial: Trial, made: list[Array], tokenizer: TokenizerGraphs) -> Figures:
    chosen = trial.random.choice(len(trial.library), min(len(trial.library), REPLAYED), replace=False)
    replayed = [tokenizer.replay(trial.library.features(int(clip))[:LONGEST]) for clip in chosen]
    parts = (made, [clip.features[:LONGEST] for clip in trial.held], replayed)
    return copies.copies(*(copies.nearest(copies.windows(part, trial.random), trial.library) for part in parts))
