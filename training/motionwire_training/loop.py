"""The training loop shared by all models: schedule, averaged weights, validation, checkpoints, exact resume, progress bar.

Data comes as epochs: `epoch(n)` yields the same batches every time it is called with the same n, so a resume skips to where
the run stood. With several processes (accelerate launch) each takes its rows of every batch: the loss curve stays that of one.
"""

import copy
import math
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, TypeVar

import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset

from motionwire.errors import InputError
from motionwire_training.configuration import TrainingConfig
from motionwire_training.muon import Muon
from motionwire_training.replay import Batch, Gradients, Losses, Moment, Replay
from motionwire_training.run import Run
from motionwire_training.stop import Stop

Model = TypeVar("Model", bound=nn.Module)

EMPTY_EPOCHS = 20  # of data for about a batch, each epoch draws now more and now less
SHOWN_FIGURES = 6  # of a validation, on the terminal; the log has all


def fit(
    run: Run,
    model: Model,
    epoch: Callable[[int], Iterable[Batch]],
    losses: Callable[[nn.Module, Batch, Moment], Losses],
    validate: Callable[[Model], Mapping[str, float]],
    *,
    best: str,
    stateful: nn.Module | None = None,
    name: Callable[[int], Hashable] | None = None,
    scheduled: bool = False,
    part: Callable[[str], float] = lambda name: 1.0,
    by_muon: Callable[[str], bool] = lambda name: False,
) -> dict[str, float]:
    """Train `model` for run.config.steps steps and return the validation metrics of the best weights.

    epoch(n) -> batches of tensors [B, ...]; losses(model, batch, moment) -> {"loss": scalar, ...};
    validate(model) -> figures of the averaged weights, the most telling first, of which `best` (smaller is better) picks the
    checkpoint to keep. stateful: what else changes with the steps (the state of a loss weighting): resumed, but not exported.
    scheduled: each batch is made for its step: those of steps that the clock leaves out (`seconds`) are left out too.
    part: of the learning rate, that a parameter of this name gets.
    by_muon: whether Muon moves a matrix of this name; all else is moved by AdamW.
    name: of a step, where steps of one name can be recorded and replayed (replay.py): done on a CUDA device of its own.
    """
    config, accelerator = run.config, run.accelerator
    model.to(accelerator.device)
    on_gpu = accelerator.device.type == "cuda"
    parts, groups = _groups(model, config.weight_decay, part, by_muon)
    optimizer = Muon(groups, lr=config.learning_rate, betas=(0.9, 0.99), fused=on_gpu)
    average = copy.deepcopy(model).eval().requires_grad_(False)
    stateful = (stateful or nn.Module()).to(accelerator.device)
    wrapped, optimizer = accelerator.prepare(model, optimizer)
    state: dict[str, Any] = {"step": 0, "epoch": 0, "batch": 0, "best": None, "best_step": 0, "judged": 0, "seconds": 0.0}
    modules: dict[str, nn.Module] = {"model": model, "average": average, "stateful": stateful}
    found = run.load("last")
    if found is not None:
        state |= _restore(found, modules, optimizer)
    run.rewind(state["step"])  # without a checkpoint too: a run that died before its first one begins anew
    batches = _stream(epoch, state, config)
    if state["step"] < config.steps:  # before the clock starts: a resume makes all batches of its epoch up to its own
        batches = chain([next(batches)], batches)
    clock = _Clock(config, state["seconds"], run.as_main)

    def gradients(batch: Batch, moment: Moment) -> Losses:
        with accelerator.autocast():
            found = losses(wrapped, batch, moment)
        accelerator.backward(found["loss"])
        return found

    def keep() -> None:
        run.save("last", _everything(modules, optimizer), {**state, "groups": _plain_groups(optimizer)})

    def judge(step: int, tell: Callable[[str], object]) -> None:
        figures = {name: float(value) for name, value in validate(average).items()}
        run.log(step, figures, "val")
        state["judged"] = step
        if math.isfinite(figures[best]) and (state["best"] is None or figures[best] <= state["best"]):
            state.update(best=figures[best], best_step=step, best_figures=figures)
            run.save("best", average.state_dict(), {"step": step, "figures": figures})
        if run.is_main:
            shown = islice(figures.items(), SHOWN_FIGURES)
            tell(f"step {step}: " + ", ".join(f"{name} {value:.4g}" for name, value in shown))

    with _progress(run) as progress, Stop(progress.console.print, run.accelerator.num_processes == 1) as stop:
        act: Gradients = gradients
        if name is not None and on_gpu and accelerator.num_processes == 1:
            act = Replay(gradients, model, name, progress.console.print)
        task = progress.add_task(run.kind, total=config.steps, completed=state["step"], figures="")
        while state["step"] < config.steps:
            batch = _share(next(batches), run)
            rate = _learning_rate(state["step"], config.steps, config.warmup, config.learning_rate)
            for group, share in zip(optimizer.param_groups, parts, strict=True):
                group["lr"] = rate * share
            wrapped.train()
            found_losses = act(batch, Moment(state["step"], torch.tensor(state["step"] / config.steps).to(accelerator.device)))
            norm = accelerator.clip_grad_norm_(wrapped.parameters(), config.clip_norm)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            before, step = state["step"], clock.after(state["step"])
            for _ in range(before + 1, step if scheduled else before):
                next(batches)
            state["step"] = step
            _update_average(average, model, min(config.ema, (1 + step) / (10 + step)))
            if step // config.log_every > before // config.log_every or step == config.steps:
                means = accelerator.reduce(torch.stack([value.detach().float() for value in found_losses.values()]), "mean")
                values = dict(zip(found_losses, means.tolist(), strict=True))  # one wait for the device, not one each
                _check_finite(run, step, "loss", values["loss"])
                pace = {"learning_rate": rate, "gradient_norm": float(norm), "epoch": state["epoch"], "step_ms": clock.lap_ms()}
                run.log(step, {**values, **pace})
                progress.update(task, figures=f"loss {values['loss']:.4f}")
            if step // config.validate_every > before // config.validate_every or step == config.steps:
                judge(step, progress.console.print)
            if step // config.checkpoint_every > before // config.checkpoint_every or step == config.steps or stop.asked:
                _check_finite(run, step, "gradient", float(norm))
                state["seconds"] = clock.passed()
                keep()
            progress.update(task, completed=step)
            if stop.asked and step < config.steps:
                progress.console.print(f"stopped at step {step}; the same command goes on from there")
                raise KeyboardInterrupt
        if state["judged"] < state["step"]:  # a run that was stopped after its last validation, asked for no more steps
            judge(state["step"], progress.console.print)
            keep()
    if state["best"] is None:
        raise DivergedError(f"no validation gave a finite {best}; lower learning_rate and give another out=", run.folder)
    figures = dict(state["best_figures"])
    run.finish({**figures, "step": state["best_step"]})
    return figures


class DivergedError(InputError):
    """A training's loss or gradient is no number any more."""

    exit_code = 3


class _Clock:
    """Tells the next step: the one after, or a later one where `seconds` are given and would not suffice for all.

    spent: seconds that the run had trained before it was resumed. as_main: a number as the main process has it, by whose clock all go.
    """

    def __init__(self, config: TrainingConfig, spent: float, as_main: Callable[[float], float]) -> None:
        self.config, self.as_main, self.lap, self.done = config, as_main, time.monotonic(), 0
        self.begun = self.lap - spent

    def lap_ms(self) -> float:
        """Milliseconds a training step took since the last call."""
        now, done, lap = time.monotonic(), max(self.done, 1), self.lap
        self.lap, self.done = now, 0
        return 1000 * (now - lap) / done

    def after(self, step: int) -> int:
        """The step that follows `step`, which has been done."""
        self.done += 1
        if not self.config.seconds:
            return step + 1
        due = int(self.as_main(self.passed()) / self.config.seconds * self.config.steps)
        return min(max(step + 1, due), self.config.steps)

    def passed(self) -> float:
        """Seconds of training so far, those before a resume included."""
        return time.monotonic() - self.begun


def _check_finite(run: Run, step: int, what: str, value: float) -> None:
    """Raises DivergedError where the loss or gradient is no number: the weights are none then either, and no checkpoint."""
    if not math.isfinite(value):
        raise DivergedError(f"the {what} is {value} at step {step}; lower learning_rate and give another out=", run.folder)


def _stream(epoch: Callable[[int], Iterable[Batch]], state: dict[str, Any], config: TrainingConfig) -> Iterator[Batch]:
    """Batches without end, from where `state` stands; keeps its `epoch` and `batch` up to date."""
    skip, empty = state["batch"], 0  # epochs in a row
    while True:
        empty += 1
        for index, batch in enumerate(_made_ahead(epoch, state["epoch"]) if config.ahead else epoch(state["epoch"])):
            empty = 0
            if index < skip:
                continue
            state["batch"] = index + 1
            yield batch
        if empty == EMPTY_EPOCHS:
            raise InputError(f"the training clips do not fill one batch of {config.batch_size}; lower batch_size", config.data)
        skip = 0
        state.update(epoch=state["epoch"] + 1, batch=0)


class _Epoch(IterableDataset[Batch]):
    def __init__(self, epoch: Callable[[int], Iterable[Batch]], number: int) -> None:
        self._epoch, self._number = epoch, number

    def __iter__(self) -> Iterator[Batch]:
        return iter(self._epoch(self._number))


def _made_ahead(epoch: Callable[[int], Iterable[Batch]], number: int) -> Iterable[Batch]:
    """The epoch's batches, in the same order, made by one process beside this one."""
    # Its own generator: drawing the worker's seed from the global one would make a resumed run another run.
    return DataLoader(_Epoch(epoch, number), batch_size=None, num_workers=1, prefetch_factor=4, generator=torch.Generator())


def _share(batch: Batch, run: Run) -> Batch:
    """This process's rows of the batch, on its device."""
    accelerator = run.accelerator
    rank, world = accelerator.process_index, accelerator.num_processes
    mine = {name: value[rank::world] for name, value in batch.items()}
    if accelerator.device.type != "cuda":
        return mine
    return {name: v if v.is_cuda else v.pin_memory().to(accelerator.device, non_blocking=True) for name, v in mine.items()}


def _groups(
    model: nn.Module, weight_decay: float, part: Callable[[str], float], by_muon: Callable[[str], bool]
) -> tuple[list[float], list[dict[str, Any]]]:
    """Of each group the part of the learning rate, and its parameters with what moves them; matrices decay, gains and biases do not."""
    groups: dict[tuple[float, bool, bool], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            groups.setdefault((part(name), parameter.ndim >= 2, parameter.ndim == 2 and by_muon(name)), []).append(parameter)
    order = sorted(groups, reverse=True)
    return [share for share, _, _ in order], [
        {"params": groups[key], "weight_decay": weight_decay * key[1], "orthogonal": key[2]} for key in order
    ]


def _learning_rate(step: int, steps: int, warmup: int, top: float) -> float:
    if step < warmup:
        return top * (step + 1) / warmup
    done = (step - warmup) / max(1, steps - warmup)
    return top * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


@torch.no_grad()
def _update_average(average: nn.Module, model: nn.Module, decay: float) -> None:
    """Exponential average of the weights; buffers are copied."""
    torch._foreach_lerp_(list(average.parameters()), [p.detach() for p in model.parameters()], 1 - decay)
    for mine, theirs in zip(average.buffers(), model.buffers(), strict=True):
        mine.copy_(theirs)


def _everything(modules: Mapping[str, nn.Module], optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    tensors = {f"{prefix}/{name}": value for prefix, module in modules.items() for name, value in module.state_dict().items()}
    for index, slots in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer/{index}/{slot}": value for slot, value in slots.items()}
    tensors["random"] = torch.get_rng_state()
    if torch.cuda.is_available():
        tensors["random_cuda"] = torch.cuda.get_rng_state()
    return tensors


def _plain_groups(optimizer: torch.optim.Optimizer) -> list[dict[str, Any]]:
    return list(optimizer.state_dict()["param_groups"])


def _restore(
    found: tuple[dict[str, Tensor], dict[str, Any]], modules: Mapping[str, nn.Module], optimizer: torch.optim.Optimizer
) -> dict[str, Any]:
    """Put a `last` checkpoint back; returns its state."""
    tensors, state = found
    for kind, module in modules.items():
        prefix = f"{kind}/"
        module.load_state_dict({name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)})
    slots: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith("optimizer/"):
            _, index, slot = name.split("/")
            slots.setdefault(int(index), {})[slot] = value
    optimizer.load_state_dict({"state": slots, "param_groups": state.pop("groups")})
    torch.set_rng_state(tensors["random"])
    if "random_cuda" in tensors and torch.cuda.is_available():
        torch.cuda.set_rng_state(tensors["random_cuda"])
    return state


def _progress(run: Run) -> Progress:
    columns = (
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[figures]}"),
    )
    return Progress(*columns, disable=not run.is_main)
