"""Held-out clips cut off, and what the generator makes of the rest: continuation and prediction, with their sentence and without."""

from motionwire.generator.task import Leg, Task
from motionwire.motion import features
from motionwire_training.evaluation.text_to_motion import continuing
from motionwire_training.evaluation.text_to_motion.held_out import compared
from motionwire_training.evaluation.text_to_motion.making import make
from motionwire_training.evaluation.text_to_motion.trial import Figures, Trial, clip_of, sentence_of

PAST, AHEAD = 45, 60  # frames: given, predicted
TRIES = 3  # continuations of a clip, for the mean and the best of them


def continuation(trial: Trial) -> Figures | None:
    """start errors and displacement errors by kind of continuation, beside the data's own and beside standing still; see continuing.py."""
    long = [clip for clip in trial.some(trial.held) if len(clip.features) >= PAST + AHEAD]
    if not long:
        trial.left_out["continuation"] = f"no real clip of {(PAST + AHEAD) / features.FPS:g} s given"
        return None
    whole = [clip_of(clip.features[: PAST + AHEAD]) for clip in long]
    past, real = [clip.slice(0, PAST) for clip in whole], [clip.slice(PAST) for clip in whole]
    out: Figures = {"clips": len(long)}
    for kind, words in (("with_sentence", list(map(sentence_of, long))), ("without_sentence", [""] * len(long))):
        if kind == "with_sentence" and not any(words):
            trial.left_out["continuation/with_sentence"] = "the clips have no captions"
            continue
        tasks = {
            (i, seed): Task([Leg(words[i], AHEAD / features.FPS)], seed=seed, past=past[i])
            for i in range(len(long))
            for seed in range(TRIES)
        }
        made = make(trial.generator, tasks, f"continuation {kind.replace('_', ' ')}")
        tries = [[made[i, seed].clip for seed in range(TRIES)] for i in range(len(long))]
        out[kind] = {
            **continuing.mean_of([continuing.start_errors(before, clip) for before, own in zip(past, tries, strict=True) for clip in own]),
            **continuing.mean_of([continuing.displacement(rest, own) for rest, own in zip(real, tries, strict=True)]),
        }
        titles = [f"{words[i] or 'goes on'} (after {past[i].seconds:g} s of {clip.labels['key']})" for i, clip in enumerate(long)]
        trial.show(kind, [(title, own[0]) for title, own in zip(titles, tries, strict=True)])
        out[kind]["physics"] = compared(trial, real, [own[0] for own in tries])
    out["real"] = continuing.mean_of([continuing.start_errors(before, rest) for before, rest in zip(past, real, strict=True)])
    for name, guess in (("held_pose", continuing.held_pose), ("held_speed", continuing.held_speed)):
        rows = [continuing.displacement(rest, [guess(before, AHEAD)]) for before, rest in zip(past, real, strict=True)]
        out[name] = continuing.mean_of(rows)
    return out
