"""Train the evaluator on the training clips:

motionwire-train evaluator data=datasets/shared licence=research out=runs/evaluator
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from motionwire.motion import features
from motionwire_training.data.labels import PLAIN
from motionwire_training.evaluation.evaluator.configuration import EvaluatorConfig
from motionwire_training.evaluation.evaluator.data import Clips, clips, epoch, validation
from motionwire_training.evaluation.evaluator.networks import Evaluator
from motionwire_training.evaluation.evaluator.ranges import poses, training_ranges
from motionwire_training.features import moments
from motionwire_training.loop import Batch, Losses, Moment, fit
from motionwire_training.run import Run, write_json

MOST_SCALE = 4.6  # log of 100, as in CLIP


def main(config: EvaluatorConfig) -> dict[str, float]:
    """Train or resume the run of `config`; leaves names.json, the labels that it knows, beside what run.py describes."""
    run = Run("evaluator", config)
    with run.accelerator.main_process_first():
        train, val = clips(config, "train"), clips(config, "val")
    if run.is_main:
        write_json(run.folder / "names.json", {"contents": train.contents, "styles": train.styles})
    model = Evaluator(config, train.contents, train.styles)
    _prepare(model, train)
    plain = torch.tensor([-1, *(train.styles.index(style) for style in PLAIN if style in train.styles)])
    val_of = (_renumbered(val.contents, train.contents), _renumbered(val.styles, train.styles))

    def losses(network: nn.Module, batch: Batch, _: Moment) -> Losses:
        noisy = batch["features"] + config.noise * model.std * torch.randn_like(batch["features"])
        return evaluator_losses(network(noisy, batch["valid"], batch["vectors"]), batch, model.scale, plain.to(noisy.device))

    @torch.no_grad()
    def validate(network: nn.Module) -> dict[str, float]:
        return validation_figures(network, config, val, val_of, run.accelerator.device)

    return fit(run, model, lambda number: epoch(config, train, number), losses, validate, best="mistakes")


def evaluator_losses(found: tuple[Tensor, Tensor, Tensor, Tensor], batch: Batch, scale: Tensor, plain: Tensor) -> Losses:
    """InfoNCE both ways, without the pairs whose labels fit each other as well, and cross entropies of content and style.

    plain: indices of the styles that a sentence may leave unsaid.
    """
    motion, sentence, contents, styles = found
    content, style = batch["content"], batch["style"]
    told = (batch["vectors"] != 0).any(-1)
    what, how = content[told], style[told]
    unsaid = torch.isin(how, plain)
    fits = (what[:, None] == what) & ((how[:, None] == how) | unsaid[:, None] | unsaid)
    near = motion[told] @ sentence[told].T * scale.clamp(max=MOST_SCALE).exp()
    near = near.masked_fill(fits & ~torch.eye(len(near), dtype=torch.bool, device=near.device), -1e4)
    here = torch.arange(len(near), device=near.device)
    match = (cross_entropy(near, here) + cross_entropy(near.T, here)) / 2
    terms = {"match": match.nan_to_num(), "content": cross_entropy(contents, content, ignore_index=-1, label_smoothing=0.05).nan_to_num()}
    terms["style"] = cross_entropy(styles, style, ignore_index=-1, label_smoothing=0.05).nan_to_num()
    return {"loss": terms["match"] + terms["content"] + terms["style"], **terms}


def validation_figures(
    network: nn.Module, config: EvaluatorConfig, val: Clips, val_of: tuple[Tensor, Tensor], device: torch.device
) -> dict[str, float]:
    """Shares of held-out clips whose content and style are named right, and of those whose own label's sentence is the nearest of all.

    mistakes: the mean of what is missing, which picks the checkpoint.
    """
    rows = [network(*(batch[name].to(device) for name in ("features", "valid", "vectors"))) for batch in validation(config, val)]
    motion, sentence, contents, styles = (torch.cat(part).cpu() for part in zip(*rows, strict=True))
    content, style = (of[torch.from_numpy(np.asarray(index, np.int64))] for of, index in zip(val_of, (val.content, val.style), strict=True))
    nearest = (motion @ sentence.T).argmax(1)
    figures = {
        "content_accuracy": _share_right(contents, content),
        "style_accuracy": _share_right(styles, style),
        "nearest_is_right": float(((content == content[nearest]) & (style == style[nearest])).float().mean()),
    }
    return {**figures, "mistakes": 1 - float(np.nanmean(list(figures.values())))}


def _share_right(logits: Tensor, truth: Tensor) -> float:
    """Of those whose truth is told; NaN where none is."""
    known = truth >= 0
    return float((logits[known].argmax(1) == truth[known]).float().mean()) if known.any() else float("nan")


def _renumbered(names: list[str], known: list[str]) -> Tensor:
    """Indices in `known` of `names`, -1 for those that are not and, at the end, for no name."""
    return torch.tensor([*(known.index(name) if name in known else -1 for name in names), -1])


def _prepare(model: Evaluator, train: Clips) -> None:
    """Normalisation and joint ranges of the training clips."""
    count, total, square = 0, np.zeros(features.DIM), np.zeros(features.DIM)
    recorded = []
    for motion in range(len(train)):
        values = train.features(motion)
        exact = values.astype(np.float64)
        count, total, square = count + len(values), total + exact.sum(0), square + (exact**2).sum(0)
        if not train.mirrored[motion]:
            recorded.append(poses(values))
    mean, std = moments(count, total, square)
    for name, values in {"mean": mean, "std": std, **vars(training_ranges(recorded))}.items():
        getattr(model, name).copy_(torch.from_numpy(np.asarray(values, np.float32)))
