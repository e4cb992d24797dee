"""The test prompts acted out: content and style by prompt, in seen and unseen wordings, and one sentence by many seeds."""

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import features
from motionwire.motion.skeleton import JOINTS
from motionwire_training.evaluation.text_to_motion import matching
from motionwire_training.evaluation.text_to_motion.accuracy import accuracies
from motionwire_training.evaluation.text_to_motion.making import make, sentence
from motionwire_training.evaluation.text_to_motion.prompts import read_prompts
from motionwire_training.evaluation.text_to_motion.trial import REPETITIONS, Figures, Trial

SEEDS, SENTENCES, SECONDS = 20, 10, 3.0  # a sentence acted out many times


def wordings(trial: Trial, name: str, tries: int = 1) -> Figures | None:
    """Accuracies on those of the prompts `name` that ask for what the bundle was taught, each acted out by `tries` seeds; the model decides
    the length."""
    prompts = [prompt for prompt in read_prompts(name) if trial.taught(prompt)]
    if not prompts:
        trial.left_out[f"prompts_{name}"] = "the training clips show nothing that the prompts ask for"
        return None
    prompts = trial.some(prompts) * tries
    made = make(trial.generator, {i: sentence(prompt.text, None, i) for i, prompt in enumerate(prompts)}, f"{name} wordings")
    contents, styles = trial.judge.names([one.features for one in made.values()])
    rows = list(zip(prompts, contents, styles, made.values(), strict=True))
    trial.show(name, [(f"{prompt.text} -> {content}, {style}", one.clip) for prompt, content, style, one in rows])
    return {
        **accuracies(prompts, contents, styles),
        "clips": [
            {"text": p.text, "asked": ["|".join(p.contents), p.style], "named": [content, style], "seconds": round(one.clip.seconds, 2)}
            for p, content, style, one in rows
        ],
    }


def seeds(trial: Trial) -> Figures | None:
    """MultiModality (Guo et al. 2022), and how far joints of two motions of one sentence are apart: mean, and of the least varied one."""
    prompts = [prompt for prompt in read_prompts("seen") if trial.taught(prompt)]
    chosen = [prompts[i].text for i in trial.random.permutation(len(prompts))[: max(1, round(SENTENCES * trial.scale))]]
    if not chosen:
        trial.left_out["seeds"] = "the training clips show nothing that the prompts ask for"
        return None
    tasks = {(text, seed): sentence(text, SECONDS, seed) for text in chosen for seed in range(SEEDS)}
    made = make(trial.generator, tasks, "seeds")
    groups = [[made[text, seed].features for seed in range(SEEDS)] for text in chosen]
    vectors = [trial.judge.motions(group) for group in groups]
    halves = [[v[trial.random.choice(SEEDS, SEEDS // 2, replace=False)] for v in vectors] for _ in range(REPETITIONS)]
    apart = [_apart_cm(group) for group in groups]
    trial.show("seeds", [(f"{chosen[0]}, seed {seed}", made[chosen[0], seed].clip) for seed in range(SEEDS)])
    return {
        "multimodality": matching.spread([matching.multimodality(half) for half in halves]),
        "joint_distance_cm": float(np.mean(apart)),
        "joint_distance_least_cm": float(np.min(apart)),
        "sentences": chosen,
    }


def _apart_cm(clips: list[NDArray[np.float32]]) -> float:
    """Mean distance of the joints of two of the clips at the same time, heading and place aside."""
    frames = min(map(len, clips))
    poses = np.stack([clip[:frames, features.POSITIONS].reshape(frames, JOINTS, 3) for clip in clips])
    first, second = np.triu_indices(len(clips), 1)
    return 100 * float(np.mean([np.linalg.norm(poses[a] - poses[b], axis=-1).mean() for a, b in zip(first, second, strict=True)]))
