"""Train the text-to-motion transformer on the codes of a trained tokenizer:

motionwire-train text-to-motion data=datasets/shared licence=research tokenizer=runs/tokenizer out=runs/text_to_motion
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from motionwire.errors import InputError
from motionwire_training.loop import Batch, Losses, Moment, fit
from motionwire_training.run import Run, check_licence
from motionwire_training.text_encoder.readers import IGNORED, reading_losses
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.text_to_motion.corpus import Corpus
from motionwire_training.text_to_motion.data import epoch, validation
from motionwire_training.text_to_motion.learned_from import LEARNED_FROM, check_unchanged, learned_from
from motionwire_training.text_to_motion.load import begin_from
from motionwire_training.text_to_motion.model import TextToMotion
from motionwire_training.text_to_motion.tokens import corpus
from motionwire_training.tokenizer.load import load_tokenizer


def main(config: TextToMotionConfig) -> dict[str, float]:
    """Train or resume the run of `config`; returns the validation figures of its best weights."""
    tokenizer = load_tokenizer(config.tokenizer)
    if tokenizer.config.attention == "full":
        raise InputError("has attention=full: its codes depend on what comes later, so none can be generated", config.tokenizer)
    for folder in filter(None, (config.tokenizer, config.begin_from)):
        check_licence(folder, config)
    run = Run("text-to-motion", config)
    if run.told:
        check_unchanged(run.folder, run.told, "tokenizer", "text_encoder")
    else:
        run.tell({LEARNED_FROM: learned_from(vars(config))})
    tokenizer.model.to(run.accelerator.device)
    if run.is_main:
        for split in ("train", "val"):
            corpus(config, split, tokenizer.model, run.folder)
    run.accelerator.wait_for_everyone()
    train, val = (corpus(config, split, tokenizer.model, run.folder) for split in ("train", "val"))
    codes = tokenizer.model.codes
    tokenizer.model.cpu()
    names = {"contents": train.contents, "styles": train.styles}
    run.tell(names)
    val = val.labelled_as(**names)
    model = TextToMotion(config, tokenizer.model.quantizer.vectors, **names)
    model.goal_mean[4:].copy_(tokenizer.model.mean)
    model.goal_std[4:].copy_(tokenizer.model.std)

    if config.begin_from:
        begin_from(model, config.begin_from)

    def losses(network: nn.Module, batch: Batch, moment: Moment) -> Losses:
        found = _figures(network, batch)
        return {**found, "loss": found["loss"] + config.labels * found["label_loss"], "code_loss": found["loss"]}

    def validate(network: nn.Module) -> dict[str, float]:
        return validation_figures(network, config, val, codes, run.accelerator.device)

    def by_muon(name: str) -> bool:
        return name.startswith("blocks.")  # what stands around them are tables rather

    return fit(run, model, lambda number: epoch(config, train, codes, number), losses, validate, best="loss", by_muon=by_muon)


@torch.no_grad()
def validation_figures(network: nn.Module, config: TextToMotionConfig, val: Corpus, codes: int, device: torch.device) -> dict[str, float]:
    """Mean `loss` and `accuracy` (as `code_losses`), and `reading_losses`, over the validation clips, each of
    which counts once."""
    sums: dict[str, float] = {}
    rows = 0
    for batch in validation(config, val, codes):
        here = {name: value.to(device) for name, value in batch.items()}
        rows += len(batch["text"])
        for name, value in _figures(network, here).items():
            sums[name] = sums.get(name, 0.0) + float(value) * len(batch["text"])
    return {name: value / rows for name, value in sums.items()}


def _figures(network: nn.Module, batch: Batch) -> Losses:
    logits, read = network(batch)
    return code_losses(logits, batch["targets"]) | reading_losses(read, batch["content"], batch["style"])


def code_losses(logits: Tensor, targets: Tensor) -> Losses:
    """Cross entropy per code in nats over logits [B, N, G, V + 1] and targets [B, N, G], and the share of codes guessed right."""
    found, wanted = logits.float().flatten(0, -2), targets.flatten()
    known = wanted != IGNORED
    right = ((found.argmax(-1) == wanted) & known).sum() / known.sum()
    return {"loss": cross_entropy(found, wanted, ignore_index=IGNORED), "accuracy": right}
