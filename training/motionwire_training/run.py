"""A training run: its folder, seeds, logs and checkpoints, shared by all models.

    runs/NAME/config.json        configuration, seed, data version, package version
    runs/NAME/metrics.jsonl      one object per logged step; TensorBoard reads the same from runs/NAME/tensorboard
    runs/NAME/last.safetensors   everything an exact resume needs: weights, average, optimiser, random state, position in the data
    runs/NAME/best.safetensors   averaged weights of the best validation, what export reads
    runs/NAME/metrics.json       final validation of `best`, quoted in the bundle

A checkpoint is one safetensors file whose header carries its JSON state, renamed into place, so it is whole or absent.
"""

import json
import math
import random
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import InitProcessGroupKwargs, broadcast
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

import motionwire
from motionwire.errors import InputError
from motionwire.formats.atomic import write_atomically, written_elsewhere
from motionwire.manifest import sha256_of
from motionwire_training.configuration import Config, TrainingConfig
from motionwire_training.data.shards import check_held_out, read_dataset
from motionwire_training.folders import claim, make_folder
from motionwire_training.precision import computes_bf16

# Processes wait for the main one while it prepares a large data set; torch would give up after ten minutes or thirty.
PATIENCE = InitProcessGroupKwargs(timeout=timedelta(days=7))
# May differ between the first start and a resume without making the run another one.
CHANGEABLE = {"data", "out", "steps", "seconds", "threads", "ahead", "log_every", "validate_every", "checkpoint_every", "temperature"}


def seed_everything(seed: int) -> None:
    """Seed Python, numpy's legacy generator and torch."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - libraries still read it
    torch.manual_seed(seed)


def write_json(path: Path, value: object) -> None:
    """Write JSON, whole or not at all; raises InputError where that cannot be."""
    write_atomically(path, (json.dumps(value, indent=2, sort_keys=True) + "\n").encode())


class Run:
    """Opens or resumes the run folder of `config`. kind: the model's name (tokenizer, text-to-motion, controller); told: what config.json
    said where this goes on with a run, else {}."""

    def __init__(self, kind: str, config: TrainingConfig) -> None:
        self.kind, self.config = kind, config
        self.folder = Path(config.out)
        self.data_version = str(read_dataset(Path(config.data))["version"])
        check_held_out(Path(config.data), config.licence)
        if config.threads:
            torch.set_num_threads(config.threads)
        seed_everything(config.seed)
        torch.set_float32_matmul_precision("high")  # TF32, where a GPU has it
        bf16 = config.bf16 and computes_bf16()
        self.accelerator = Accelerator(mixed_precision="bf16" if bf16 else "no", kwargs_handlers=[PATIENCE])
        make_folder(self.folder)
        self._claimed = claim(self.folder) if self.is_main else None
        self.told = self._resumed()
        self._writer: Any = None
        self._resumed_at: int | None = None
        if self.is_main:
            write_json(
                self.folder / "config.json",
                {
                    **self.told,
                    "kind": kind,
                    "config": asdict(config),
                    "data_version": self.data_version,
                    "package_version": motionwire.__version__,
                    "precision": "bfloat16" if bf16 else "float32",
                },
            )

    @property
    def is_main(self) -> bool:
        return self.accelerator.is_main_process

    def as_main(self, value: float) -> float:
        """A number as the main process has it; all processes have to ask at once."""
        if self.accelerator.num_processes == 1:
            return value
        return float(broadcast(torch.tensor(value, dtype=torch.float64, device=self.accelerator.device)))

    def tell(self, more: Mapping[str, Any]) -> None:
        """Have config.json say this, too; main process only."""
        if self.is_main:
            write_json(self.folder / "config.json", {**read_config(self.folder), **more})

    def _resumed(self) -> dict[str, Any]:
        """config.json of the run that this one goes on with, {} where it begins; raises InputError where the folder is another run's."""
        if not (self.folder / "config.json").exists():
            return {}
        before = read_config(self.folder)  # anyone else's config.json is not written over
        if not (self.folder / "last.safetensors").exists():
            if "training_data" in before:
                raise InputError("holds weights that were trained elsewhere; give another out=", self.folder)
            return {}
        if before["kind"] != self.kind or before["data_version"] != self.data_version:
            raise InputError(f"is a run of {before['kind']} on data {before['data_version']}; give another out=", self.folder)
        now = json.loads(json.dumps(asdict(self.config)))
        changed = [key for key, value in before["config"].items() if key in now and key not in CHANGEABLE and now[key] != value]
        if changed:
            raise InputError(f"holds a run with another {', '.join(changed)}; give the same or another out=", self.folder)
        return before

    def log(self, step: int, values: Mapping[str, float], group: str = "train") -> None:
        """Append one line to metrics.jsonl and to TensorBoard; main process only."""
        if not self.is_main:
            return
        if self._writer is None:
            from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415 - two seconds

            self._writer = SummaryWriter(str(self.folder / "tensorboard"), purge_step=self._resumed_at)
        path = self.folder / "metrics.jsonl"
        try:
            with path.open("a") as file:
                file.write(json.dumps({"step": step, "group": group, **{key: round(float(v), 6) for key, v in values.items()}}) + "\n")
            for key, value in values.items():
                self._writer.add_scalar(f"{group}/{key}", value, step)
            self._writer.flush()
        except OSError as error:
            raise InputError(f"cannot write: {error.strerror}", path) from None

    def rewind(self, step: int) -> None:
        """Forget what was logged after `step`, which a resume is about to do again."""
        self._resumed_at = step + 1
        path = self.folder / "metrics.jsonl"
        if self.is_main and path.exists():
            kept = [f"{line}\n" for line in path.read_text().splitlines() if _step_of(line) <= step]
            write_atomically(path, "".join(kept).encode())

    def save(self, tag: str, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """Write TAG.safetensors (`last` or `best`) with its JSON state; main process only."""
        if not self.is_main:
            return
        # A shared storage (tied weights) may not be written twice: every tensor gets its own.
        own = {name: tensor.detach().to("cpu", copy=True).contiguous() for name, tensor in tensors.items()}
        path = self.folder / f"{tag}.safetensors"
        with written_elsewhere(path) as temporary:
            try:
                save_file(own, temporary, metadata={"state": json.dumps(state)})
            except SafetensorError as error:
                raise InputError(f"cannot write: {error}", path) from None

    def load(self, tag: str) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
        """Tensors and state of TAG.safetensors, None when it is absent."""
        path = self.folder / f"{tag}.safetensors"
        return load_checkpoint(path) if path.exists() else None

    def finish(self, metrics: Mapping[str, float]) -> None:
        """Write metrics.json, the figures that the bundle quotes."""
        if self.is_main:
            write_json(self.folder / "metrics.json", {key: round(float(value), 4) for key, value in metrics.items()})


def _step_of(line: str) -> float:
    """The step of a line of metrics.jsonl; infinite for a line that a killed process or a full disk left unfinished."""
    try:
        return float(json.loads(line)["step"])
    except (ValueError, TypeError, KeyError):
        return math.inf


def load_checkpoint(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and JSON state of one checkpoint; raises InputError for a file that is none."""
    try:
        with safe_open(path, framework="pt") as file:
            state = json.loads((file.metadata() or {})["state"])
        return load_file(path), state
    except Exception as error:
        raise InputError(f"not a checkpoint ({type(error).__name__})", path) from None


def read_config(folder: str | Path) -> dict[str, Any]:
    """config.json of a run folder: {kind, config, data_version, package_version, precision}; raises InputError."""
    path = Path(folder) / "config.json"
    try:
        found = json.loads(path.read_text())
        if not ({"kind", "config", "data_version"} <= found.keys() and isinstance(found["config"], dict)):
            raise KeyError
    except FileNotFoundError:
        raise InputError("no config.json: not a run folder", path) from None
    except (KeyError, AttributeError, json.JSONDecodeError, UnicodeDecodeError):
        raise InputError("not the config.json of a run", path) from None
    return dict(found)


def read_config_of(folder: str | Path, kind: str, model: str) -> dict[str, Any]:
    """`read_config` of a run of this kind, whose model a person calls `model`; raises InputError where it is another's."""
    found = read_config(folder)
    if found["kind"] != kind:
        raise InputError(f"is a run of {found['kind']}, not of {model}", folder)
    return found


def read_settings(folder: str | Path, schema: type[Config]) -> Config:
    """The configuration in config.json as its dataclass; raises InputError."""
    try:
        return msgspec.convert(read_config(folder)["config"], schema)
    except msgspec.ValidationError as error:
        raise InputError(f"not a configuration of this version: {error}", Path(folder) / "config.json") from None


def check_licence(folder: str | Path, config: TrainingConfig) -> None:
    """Raises InputError where the run in `folder` saw data that the training of `config` may not use."""
    if config.licence == "free" and read_config(folder)["config"].get("licence") != "free":
        raise InputError("is trained on research data, which a free model may not use", folder)


def restore_weights(model: nn.Module, folder: str | Path, leave: str | tuple[str, ...] = " ") -> None:
    """Put the best averaged weights of a run into its model, but those whose names begin with `leave`, of which the model keeps its own;
    raises InputError when they are another model's."""
    found = {name: value for name, value in load_weights(folder).items() if not name.startswith(leave)}
    own = {name: value for name, value in model.state_dict().items() if name.startswith(leave)}
    try:
        model.load_state_dict(found | own)
    except RuntimeError:
        raise InputError("weights of another model than config.json describes", Path(folder) / "best.safetensors") from None


def load_weights(folder: str | Path, tag: str = "best") -> dict[str, Tensor]:
    """Averaged weights of a run, as its model's state_dict; raises InputError when the run has none yet."""
    path = Path(folder) / f"{tag}.safetensors"
    if not path.exists():
        raise InputError("no weights yet: train the run first", path)
    return load_checkpoint(path)[0]


def weights_digest(folder: str | Path) -> str:
    """SHA-256 of a run's best weights, in hex digits; raises InputError when the run has none yet."""
    path = Path(folder) / "best.safetensors"
    if not path.exists():
        raise InputError("no weights yet: train the run first", path)
    return sha256_of(path)


def read_metrics(folder: str | Path) -> dict[str, float]:
    """metrics.json of a run, {} while it has not finished."""
    path = Path(folder) / "metrics.json"
    try:
        return dict(json.loads(path.read_text())) if path.exists() else {}
    except (ValueError, TypeError):
        raise InputError("not the figures of a run", path) from None
