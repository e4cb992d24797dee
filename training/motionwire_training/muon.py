"""Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/): a matrix moves by its momentum made orthogonal, so that all
directions in which it maps learn alike, the rare ones too. Sized as AdamW's moves are (Liu et al. 2025, "Muon is scalable for LLM
training", arXiv:2502.16982, eq. 4), so that one learning rate serves both. torch.optim.Muon knows no other parameters beside matrices,
and its bfloat16 takes three times a whole training step where a processor has to emulate it.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

MOMENTUM = 0.95
ITERATIONS = 5
COEFFICIENTS = 3.4445, -4.7750, 2.0315  # of the odd polynomial that draws singular values from 0..1 to about 1
SIZE = 0.2  # root mean square of a move, in learning rates: about AdamW's


class Muon(torch.optim.AdamW):
    """AdamW, and Muon in parameter groups with "orthogonal", whose parameters are matrices."""

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]  # torch's is overloaded
        """One update; the gradients of matrices that Muon moved are gone afterwards."""
        for group in self.param_groups:
            if group.get("orthogonal"):
                for matrix in group["params"]:
                    if matrix.grad is not None:
                        self._move(matrix, matrix.grad, group["lr"], group["weight_decay"])
                        matrix.grad = None  # so AdamW leaves it alone
        return super().step(closure)

    def _move(self, matrix: Tensor, gradient: Tensor, rate: float, decay: float) -> None:
        state = self.state[matrix]
        if not state:
            state["step"] = torch.zeros(())  # which AdamW looks for in a state that is put back
            state["momentum"] = torch.zeros_like(matrix)
        state["step"] += 1
        state["momentum"].lerp_(gradient, 1 - MOMENTUM)
        ahead = torch.lerp(gradient, state["momentum"], MOMENTUM)  # Nesterov's
        matrix.mul_(1 - rate * decay)
        matrix.add_(orthogonal(ahead), alpha=-rate * SIZE * math.sqrt(max(matrix.shape)))


def orthogonal(matrix: Tensor) -> Tensor:
    """U V^T of a matrix U S V^T [M, N], nearly (singular values of 0.7 to 1.2), by Newton-Schulz iterations."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.mT if tall else matrix
    x = x / x.norm().clamp_min(1e-7)
    a, b, c = COEFFICIENTS
    for _ in range(ITERATIONS):
        gram = x @ x.mT
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x
