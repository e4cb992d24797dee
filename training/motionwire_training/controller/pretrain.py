"""Optional first lesson of the FiLM trunk: its motion encoder learns to repair noisy poses, as a denoising autoencoder (Vincent et al.
2008, https://doi.org/10.1145/1390156.1390294) with a linear decoder that is thrown away."""

import numpy as np
import torch
from rich.progress import track
from torch import nn
from torch.nn import functional as F

from motionwire.controller import layout
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.data import Windows
from motionwire_training.controller.film import FilmTrunk
from motionwire_training.controller.model import ControllerNetwork

NOISE = 0.3  # standard deviations of the poses
BATCH = 1024


def pretrain(network: ControllerNetwork, windows: Windows, config: ControllerConfig) -> None:
    """Train the encoder of `network`, whose trunk is a FilmTrunk, for config.pretrain_steps steps."""
    network = network.to(windows.device)
    trunk = network.trunk
    assert isinstance(trunk, FilmTrunk)
    decoder = nn.Linear(config.hidden, layout.POSE, device=windows.device)
    optimizer = torch.optim.AdamW([*trunk.encoder.parameters(), *decoder.parameters()], lr=config.learning_rate)
    rng = np.random.default_rng(config.seed)
    for _ in track(range(config.pretrain_steps), "motion encoder", transient=True):
        pose = windows.read(windows.choose(rng, BATCH, 0), 0)["pose"][:, 0]
        pose = (pose - network.pose_mean) / network.pose_std
        seen = (pose + NOISE * torch.randn_like(pose)) * network.pose_influence
        loss = F.mse_loss(decoder(F.elu(trunk.encoder(seen))), pose)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
