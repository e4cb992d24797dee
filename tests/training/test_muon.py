"""Muon moves matrices by an orthogonal step of AdamW's size, and is AdamW for all else."""

import copy
import math

import pytest
import torch
from torch import nn

from motionwire_training.muon import SIZE, Muon, orthogonal

RATE, DECAY = 0.01, 0.5


@pytest.mark.parametrize("shape", [(40, 12), (12, 40), (12, 12)])
def test_orthogonal_keeps_directions_and_evens_sizes(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    matrix = torch.randn(shape) * torch.logspace(-1, 1, shape[1])
    u, _, vh = torch.linalg.svd(matrix, full_matrices=False)
    within = u.mT @ orthogonal(matrix) @ vh.mT  # in the matrix's own directions
    assert torch.dist(within, torch.diag(within.diagonal())) < 1e-3
    assert within.diagonal().min() > 0.6 and within.diagonal().max() < 1.3


@pytest.mark.parametrize("shape", [(40, 30), (30, 40)])
def test_a_matrix_moves_as_far_as_adamw_would_and_the_rest_as_adamw_does(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(*shape), nn.Linear(shape[1], 5))
    other = copy.deepcopy(model)
    groups = [{"params": [model[0].weight], "orthogonal": True}, {"params": [model[0].bias, *model[1].parameters()]}]
    muon = Muon(groups, lr=RATE, weight_decay=DECAY)
    adamw = torch.optim.AdamW([other[0].bias, *other[1].parameters()], lr=RATE, weight_decay=DECAY)
    before = model[0].weight.detach().clone()
    for net, optimizer in ((model, muon), (other, adamw)):
        torch.manual_seed(1)
        hidden = net[0](torch.randn(64, shape[0]))
        (hidden.square().sum() + net[1](hidden.detach()).square().sum()).backward()
        optimizer.step()
    moved = before * (1 - RATE * DECAY) - model[0].weight.detach()
    towards = orthogonal(other[0].weight.grad)  # of the first step, in which the momentum has the gradient's direction
    torch.testing.assert_close(moved, RATE * SIZE * math.sqrt(40) * towards, rtol=1e-3, atol=1e-6)
    assert float(moved.square().mean().sqrt()) == pytest.approx(RATE * SIZE, rel=0.3)
    for mine, theirs in zip([model[0].bias, *model[1].parameters()], [other[0].bias, *other[1].parameters()], strict=True):
        assert torch.equal(mine, theirs)


def test_a_state_put_back_goes_on_alike() -> None:
    torch.manual_seed(0)
    model, inputs = nn.Linear(8, 6), torch.randn(16, 8)

    def made(net: nn.Linear) -> Muon:
        return Muon([{"params": [net.weight], "orthogonal": True}, {"params": [net.bias]}], lr=RATE)

    def step(net: nn.Linear, optimizer: Muon) -> None:
        net(inputs).square().sum().backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    optimizer = made(model)
    step(model, optimizer)
    other = copy.deepcopy(model)
    resumed = made(other)
    resumed.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    step(model, optimizer)
    step(other, resumed)
    assert torch.equal(model.weight, other.weight) and torch.equal(model.bias, other.bias)
