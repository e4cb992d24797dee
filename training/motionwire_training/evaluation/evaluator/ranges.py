"""The joint ranges that an evaluator carries, from its training clips; renewed without training anew by

motionwire-train evaluator-ranges runs/evaluator --data datasets/shared
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file

from motionwire.errors import InputError
from motionwire.formats.atomic import written_elsewhere
from motionwire.motion.features import ROTATIONS
from motionwire.motion.rotations import from_6d
from motionwire.motion.skeleton import JOINTS
from motionwire_training.data.shards import read_dataset
from motionwire_training.evaluation.controller.joint_ranges import JointRanges, joint_ranges
from motionwire_training.evaluation.evaluator.networks import Evaluator
from motionwire_training.features import read_features
from motionwire_training.run import load_checkpoint, read_config_of, write_json

BUFFERS = ("middles", "low", "high")
EVERY = 2  # of a clip's frames
# Percent of the clips, as of each clip's frames: captures have whole clips in which a head or a hand is turned around, and what these do
# is no range. Chosen as a round number, before anything generated was measured by it.
STRAYS = 1.0


def poses(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Those rotations [T / 2, 22, 4] of a clip's features [T, 276] that count."""
    return from_6d(values[::EVERY, ROTATIONS].reshape(-1, JOINTS, 6)).astype(np.float32)


def training_ranges(clips: Sequence[NDArray[np.float32]]) -> JointRanges:
    """Ranges of the training clips' `poses`, without their mirror images, which are added."""
    return joint_ranges(clips, STRAYS)


def ranges_of(model: Evaluator) -> JointRanges:
    """The joint ranges that an evaluator carries."""
    return JointRanges(*(getattr(model, name).double().cpu().numpy() for name in BUFFERS))


def renew(folder: Path, data: Path) -> None:
    """Give the evaluator in a run's folder the ranges of a data set's training clips, of which it may see those of its licence; its
    config.json then names that data's version as `ranges_data_version`. Raises InputError."""
    told = read_config_of(folder, "evaluator", "an evaluator")
    version = str(read_dataset(data)["version"])
    tensors, state = load_checkpoint(folder / "best.safetensors")
    clips = [poses(clip.features) for clip in read_features(data, "train", told["config"]["licence"])]
    if not clips:
        raise InputError("has no training clip of the evaluator's licence", data)
    tensors |= {name: torch.from_numpy(np.asarray(value, np.float32)) for name, value in vars(training_ranges(clips)).items()}
    with written_elsewhere(folder / "best.safetensors") as temporary:
        save_file(tensors, temporary, metadata={"state": json.dumps(state)})
    write_json(folder / "config.json", {**told, "ranges_data_version": version})
