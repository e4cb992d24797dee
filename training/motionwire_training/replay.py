"""A training step recorded once as a CUDA graph and replayed from then on.

The networks here are small and the losses on motion are chains of small kernels: run one by one, a large GPU mostly waits for the CPU to
launch them. A recording holds forward and backward; gradient clipping, optimiser and averaging are few kernels and stay outside.

What it asks of a step: the same kernels on the same shapes each time, nothing read back from the device within, no tensor made on the
host. What changes from step to step comes in the batch or as `Moment.done`; the rest has to be told by the step's name.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

Batch = dict[str, Tensor]
Losses = dict[str, Tensor]  # "loss" is minimised, the rest is logged
WARM_UPS = 3  # steps that libraries need to choose and load their kernels


@dataclass(frozen=True, eq=False)
class Moment:
    """When in a training: `step` from 0, and `done` float32 [], the share of all steps that lies behind, on the training's device.

    A recorded step sees the `step` of its recording, so it may use no more of it than its name tells.
    """

    step: int
    done: Tensor


Gradients = Callable[[Batch, Moment], Losses]


class Replay:
    """Calls `gradients(batch, moment)`, which leaves its gradients in `model`, by replaying recordings of it.

    name(step): steps of one name differ in nothing but their batch and `done`. A new name ends the recordings of the one before, each of
    which holds the memory of its step.
    """

    def __init__(self, gradients: Gradients, model: nn.Module, name: Callable[[int], Hashable], warn: Callable[[str], None]) -> None:
        self._gradients, self._name, self._warn = gradients, name, warn
        self._parameters = [p for p in model.parameters() if p.requires_grad]
        self._recordings: dict[Hashable, _Recording] = {}
        self._recorded: Hashable = None
        self._refused = False

    def __call__(self, batch: Batch, moment: Moment) -> Losses:
        """The losses [] of the step; a parameter's gradient is valid until the next call."""
        if self._refused:
            return self._gradients(batch, moment)
        if (name := self._name(moment.step)) != self._recorded:
            self._recorded = name
            self._recordings.clear()
        key = tuple((name, value.shape, value.dtype) for name, value in batch.items())
        if key not in self._recordings:
            try:
                self._recordings[key] = self._record(batch, moment)
            except RuntimeError as error:
                self._refused = True
                self._warn(f"cannot record the step as a CUDA graph, it runs kernel by kernel: {str(error).splitlines()[0]}")
                self._forget()
                return self._gradients(batch, moment)
        recording = self._recordings[key]
        for name, value in batch.items():
            recording.batch[name].copy_(value)
        recording.moment.done.copy_(moment.done)
        recording.graph.replay()
        for parameter, gradient in zip(self._parameters, recording.gradients, strict=True):
            parameter.grad = gradient
        return recording.losses

    def _record(self, batch: Batch, moment: Moment) -> "_Recording":
        own = {name: value.clone() for name, value in batch.items()}
        then = Moment(moment.step, moment.done.clone())
        beside = torch.cuda.Stream()
        beside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(beside):
            for _ in range(WARM_UPS):
                self._gradients(own, then)
                self._forget()
        torch.cuda.current_stream().wait_stream(beside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            losses = {name: value.detach() for name, value in self._gradients(own, then).items()}
        return _Recording(graph, own, then, losses, [p.grad for p in self._parameters])

    def _forget(self) -> None:
        for parameter in self._parameters:
            parameter.grad = None  # written anew by the next backward, rather than added to


@dataclass(frozen=True, eq=False)
class _Recording:
    graph: torch.cuda.CUDAGraph
    batch: Batch  # where it reads
    moment: Moment
    losses: Losses  # where it writes
    gradients: list[Tensor | None]
