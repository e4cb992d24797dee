"""Train the tokenizer:

motionwire-train tokenizer data=datasets/shared licence=research out=runs/tokenizer
"""

from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from motionwire_training.features import held_out, prepared
from motionwire_training.loop import Batch, Losses, Moment, fit
from motionwire_training.run import Run, check_licence, restore_weights
from motionwire_training.tokenizer.configuration import TokenizerConfig
from motionwire_training.tokenizer.data import epoch, survey
from motionwire_training.tokenizer.losses import reconstruction_losses
from motionwire_training.tokenizer.metrics import reconstruction_figures
from motionwire_training.tokenizer.model import Tokenizer
from motionwire_training.tokenizer.resident import ResidentFeatures


def main(config: TokenizerConfig) -> dict[str, float]:
    """Train or resume the run of `config`; returns the validation figures of its best weights."""
    if config.begin_from:
        check_licence(config.begin_from, config)
    run = Run("tokenizer", config)
    model = Tokenizer(config)
    with run.accelerator.main_process_first():
        prepared(Path(config.data))
    found = survey(config)
    if config.begin_from:  # with its normalisation
        restore_weights(model, config.begin_from)
        model.encoder.requires_grad_(not config.keep_codes)
    else:
        model.mean.copy_(torch.from_numpy(found.mean))
        model.std.copy_(torch.from_numpy(found.std))
    spread = model.std.to(run.accelerator.device)

    def losses(network: nn.Module, batch: Batch, moment: Moment) -> Losses:
        made, codes, own = network(batch["features"])
        with torch.autocast(made.device.type, enabled=False):
            terms = reconstruction_losses(made, batch["features"], spread, config.loss, moment.done)
        terms["loss"] = terms["loss"] + own
        return {**terms, "usage": usage(codes, config.codes)}

    def validate(network: Tokenizer) -> dict[str, float]:
        return reconstruction_figures(network, held_out(Path(config.data), config.licence))

    shares = found.shares
    draw = ResidentFeatures(config, shares, run.accelerator.device).epoch if config.resident else partial(epoch, config, shares)
    name = (lambda step: "") if config.quantizer == "fsq" else None  # learned codebooks look which codes are dead
    return fit(run, model, draw, losses, validate, best="mpjpe_mm", name=name, by_muon=lambda name: name.endswith("weight"))


def usage(codes: Tensor, size: int) -> Tensor:
    """Share [] of the `size` codes of each group that are among codes int64 [..., G], the groups' mean."""
    groups = codes.shape[-1]
    used = torch.zeros(groups, size, device=codes.device)
    return used.scatter_(1, codes.flatten(0, -2).T, 1.0).mean()
