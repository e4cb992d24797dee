"""Held-out clips with a gap in them, filled by the generator, by interpolation and by the nearest recorded transition."""

import numpy as np

from motionwire.generator.task import Leg, Task
from motionwire.motion import features
from motionwire_training.evaluation.text_to_motion import between, transitions
from motionwire_training.evaluation.text_to_motion.making import make
from motionwire_training.evaluation.text_to_motion.trial import Figures, Trial, clip_of, sentence_of

PAST, AFTER = 45, 20  # frames around the gap
GAPS = (15, 30, 60)  # frames


def in_betweening(trial: Trial) -> Figures:
    """L2P, L2Q and NPSS by the gap's length and by what fills it."""
    out: Figures = {}
    if not len(trial.library):
        trial.left_out["between/nearest_transition"] = "no training clips given"
    if not trial.generator.arrives:
        trial.left_out["between/generated"] = "the bundle's model cannot arrive at a pose"
    for gap in GAPS:
        name = f"{gap / features.FPS:g}_s"
        long = [clip for clip in trial.some(trial.held) if len(clip.features) >= PAST + gap + AFTER]
        if not long:
            trial.left_out[f"between/{name}"] = f"no real clip of {(PAST + gap + AFTER) / features.FPS:.2g} s given"
            continue
        whole = [clip_of(clip.features[: PAST + gap + AFTER]) for clip in long]
        before, truth, after = ([clip.slice(*part) for clip in whole] for part in ((0, PAST), (PAST, PAST + gap), (PAST + gap, None)))
        filled = {"interpolated": [between.interpolated(a, b, gap) for a, b in zip(before, after, strict=True)]}
        if trial.generator.arrives:
            tasks = {i: Task([Leg(sentence_of(clip), gap / features.FPS)], past=before[i], target=after[i]) for i, clip in enumerate(long)}
            filled["generated"] = [one.clip for one in make(trial.generator, tasks, f"in-betweening {gap / features.FPS:g} s").values()]
            trial.show(f"between_{name}", [(f"{clip.labels['key']}, {name}", filled["generated"][i]) for i, clip in enumerate(long)])
        if len(trial.library):
            asked = np.concatenate([transitions.ends_of(clip.features[PAST - 2 : PAST + gap + 1], gap) for clip in long])
            nearest = transitions.nearest_transitions(asked, gap, trial.library)
            filled["nearest_transition"] = [
                transitions.bent(trial.library.features(found.clip), found.start, gap, a, b)
                for found, a, b in zip(nearest, before, after, strict=True)
            ]
        out[name] = {"clips": len(long), **{kind: between.errors(truth, clips) for kind, clips in filled.items()}}
    return out
