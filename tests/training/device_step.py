"""What a training step may not do, or a GPU waits for the host in it and it cannot be captured as a CUDA graph: read a value, make a shape
depend on values, bring something from the host. Seen on the CPU too, by the operators that would do it on a GPU."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

WAITING = {  # operators by name without overload
    "_local_scalar_dense": "reads a value",
    "item": "reads a value",
    "equal": "reads a value",
    "nonzero": "makes a shape of values",
    "masked_select": "makes a shape of values",
    "_unique2": "makes a shape of values",
    "unique_dim": "makes a shape of values",
    "unique_consecutive": "makes a shape of values",
    "lift_fresh": "brings a tensor from the host",
}


class HostWaitError(AssertionError):
    """A step that a GPU could not run by itself."""


class OnDevice(TorchDispatchMode):
    """Within it, what would keep a GPU waiting raises HostWaitError."""

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None) -> Any:
        name = func.overloadpacket.__name__
        if name in WAITING:
            raise HostWaitError(f"{func} {WAITING[name]}")
        if name.startswith("index") and any(isinstance(i, Tensor) and i.dtype in (torch.bool, torch.uint8) for i in _indices(args)):
            raise HostWaitError(f"{func} by truth values makes a shape of values")
        return func(*args, **(kwargs or {}))


def _indices(args: tuple[Any, ...]) -> list[Any]:
    return list(args[1]) if len(args) > 1 and isinstance(args[1], list | tuple) else []


def check_step(step: Callable[[], Tensor]) -> None:
    """Raise HostWaitError where `step`, which returns a loss, or the way back from it would keep a GPU waiting.
    A first call may fill caches."""
    step().backward()
    with OnDevice():
        step().backward()
