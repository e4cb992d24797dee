"""Loss weighting: each strategy does what its paper's formula says, and goes on from a saved state as if never stopped."""

import math

import pytest
import torch
from torch import Tensor, nn

from motionwire.errors import InputError
from motionwire_training.controller.balance import GROUPS, STRATEGIES, Balance
from motionwire_training.controller.strategies import DWA_TEMPERATURE, GRADNORM_ALPHA, GRADNORM_RATE, build

EPOCH = 4


def losses_of(shared: Tensor, step: int) -> dict[str, Tensor]:
    """Losses of different size that fall at different rates and depend on `shared` [3]."""
    sizes = (3.0 * math.exp(-0.02 * step), 0.2, 50.0 * math.exp(-0.05 * step))
    return {name: size * (shared[i] ** 2 + 0.1 * shared.square().sum()) for i, (name, size) in enumerate(zip(GROUPS, sizes, strict=True))}


def run(strategy: str, steps: range, state: dict[str, Tensor] | None = None) -> tuple[list[dict[str, Tensor]], dict[str, Tensor]]:
    weighting, shared = build(Balance(strategy), EPOCH), nn.Parameter(torch.tensor([1.0, 2.0, 0.5]))
    if state is not None:
        weighting.load_state_dict(state)
    logged = []
    for step in steps:
        weighting.want("long", torch.tensor(0.1 if step < 10 else 0.3))
        logged.append(weighting(losses_of(shared, step), shared)[1])
    return logged, {name: value.clone() for name, value in weighting.state_dict().items()}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_saved_state_goes_on_bit_for_bit(strategy: str) -> None:
    whole, _ = run(strategy, range(30))
    _, state = run(strategy, range(17))
    rest, _ = run(strategy, range(17, 30), state)
    assert rest == whole[17:]
    assert whole[5] != whole[25], "weights or shares change"


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_total_is_the_weighted_sum_and_its_gradient(strategy: str) -> None:
    weighting, shared = build(Balance(strategy), EPOCH), nn.Parameter(torch.tensor([1.0, 2.0, 0.5]))
    losses = losses_of(shared, 0)
    total, logged = weighting(losses, shared)
    wanted = sum(logged[f"weight_{name}"] * losses[name] for name in GROUPS)
    torch.testing.assert_close(total, wanted)
    torch.testing.assert_close(torch.autograd.grad(total, shared, retain_graph=True), torch.autograd.grad(wanted, shared))
    assert sum(float(logged[f"share_{name}"]) for name in GROUPS) == pytest.approx(1)


def test_shares_hold_while_losses_fall() -> None:
    weighting, shared = build(Balance(), EPOCH), nn.Parameter(torch.ones(()))
    weighting.want("long", torch.tensor(0.30))
    for step in range(500):  # the losses fall at different rates, to a half and less
        sizes = (3.0 * math.exp(-0.001 * step), 0.2, 50.0 * math.exp(-0.002 * step))
        weighting({name: size * shared for name, size in zip(GROUPS, sizes, strict=True)}, shared)
    assert [weighting.running_shares()[f"share_{name}"] for name in GROUPS] == pytest.approx([0.65, 0.05, 0.30], abs=0.03)
    sizes = {"core": 3.0, "aux": 0.2, "long": 50.0}
    steady, _ = run_constant("shares", sizes, 5)
    assert [float(steady[f"share_{name}"]) for name in GROUPS] == pytest.approx([0.65, 0.05, 0.30])
    assert sum(float(steady[f"weight_{name}"]) * size for name, size in sizes.items()) == pytest.approx(53.2), "as large as the plain sum"


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_new_stage_begins_anew(strategy: str) -> None:
    weighting, shared = build(Balance(strategy), EPOCH), nn.Parameter(torch.ones(()))
    logged = []
    for step in range(120):
        free = step >= 100  # until then the long group is a small loss
        weighting.want("long", torch.tensor(0.30 if free else 0.02))
        sizes = {"core": 3.0, "aux": 0.2, "long": 5.0 if free else 0.01}
        logged.append(weighting({name: size * shared for name, size in sizes.items()}, shared)[1])
    if strategy == "shares":
        assert float(logged[99]["share_long"]) == pytest.approx(0.02 / 0.72)
        assert [float(row["share_long"]) for row in logged[100:]] == pytest.approx([0.30] * 20)
    assert max(float(row["weight_long"]) for row in logged[100:]) <= 1.5, "not the weight that made much of the small loss"


def run_constant(strategy: str, sizes: dict[str, float], steps: int) -> tuple[dict[str, Tensor], nn.Module]:
    weighting, shared = build(Balance(strategy), EPOCH), nn.Parameter(torch.ones(()))
    weighting.want("long", torch.tensor(0.30))
    logged: dict[str, Tensor] = {}
    for _ in range(steps):
        logged = weighting({name: size * shared for name, size in sizes.items()}, shared)[1]
    return logged, weighting


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_group_that_comes_later_has_no_weight_before(strategy: str) -> None:
    logged, weighting = run_constant(strategy, {"core": 3.0, "aux": 0.2}, 12)
    assert float(logged["weight_long"]) == float(logged["share_long"]) == 0
    if strategy == "shares":
        assert [float(logged[f"share_{name}"]) for name in ("core", "aux")] == pytest.approx([0.65 / 0.7, 0.05 / 0.7])
    assert weighting.running_shares()["share_long"] == 0


def test_uncertainty_ends_at_its_minimum() -> None:
    logged, _ = run_constant("uncertainty", {"core": 3.0, "aux": 0.2, "long": 50.0}, 2000)
    # d/ds (exp(-s) L + s) = 0 where exp(-s) = 1 / L
    assert [float(logged[f"weight_{name}"]) for name in GROUPS] == pytest.approx([1 / 3, 5, 1 / 50], rel=1e-3)


def test_gradnorm_takes_the_papers_step() -> None:
    weighting, shared = build(Balance("gradnorm"), EPOCH), nn.Parameter(torch.tensor([1.0, 2.0, 0.5]))
    first = torch.stack(list(losses_of(shared, 0).values())).detach()
    for step in range(10):  # measures at step 0 and leaves the weights alone until step 10
        weighting(losses_of(shared, step), shared)
    before = weighting.weights.clone().requires_grad_()
    losses = losses_of(shared, 10)
    norms = torch.stack([torch.autograd.grad(loss, shared, retain_graph=True)[0].norm() for loss in losses.values()])
    progress = torch.stack(list(losses.values())).detach() / first
    target = (before * norms).mean() * (progress / progress.mean()) ** GRADNORM_ALPHA
    objective = (before * norms - target.detach()).abs().sum()  # equation 2
    stepped = before.detach() - GRADNORM_RATE * torch.autograd.grad(objective, before)[0] / (before * norms).mean().detach()
    stepped = stepped.clamp_min(GRADNORM_RATE)
    weighting(losses, shared)
    torch.testing.assert_close(weighting.weights, stepped * 3 / stepped.sum())


def test_gradnorm_gives_less_to_the_larger_gradient() -> None:
    logged, _ = run_constant("gradnorm", {"core": 1.0, "aux": 1.0, "long": 4.0}, 400)
    norms = [float(logged[f"weight_{name}"]) * size for name, size in zip(GROUPS, (1.0, 1.0, 4.0), strict=True)]
    step = GRADNORM_RATE * 4.0 / (sum(norms) / 3)  # of the weight of "long"; the subgradient steps to and fro across the minimum
    assert max(norms) - min(norms) <= 4.0 * step, "equal progress asks for equal norms"


def test_dwa_is_a_softmax_of_the_epochs_ratios() -> None:
    weighting, shared = build(Balance("dwa"), EPOCH), nn.Parameter(torch.ones(()))
    logged = []
    for step in range(3 * EPOCH):
        sizes = (1.0, 1.0 if step < EPOCH else 0.5, 2.0 if step < EPOCH else 3.0)
        logged.append(weighting({name: size * shared for name, size in zip(GROUPS, sizes, strict=True)}, shared)[1])
    assert [float(logged[0][f"weight_{name}"]) for name in GROUPS] == pytest.approx([1, 1, 1])
    powers = [math.exp(ratio / DWA_TEMPERATURE) for ratio in (1.0, 0.5, 1.5)]
    assert [float(logged[-1][f"weight_{name}"]) for name in GROUPS] == pytest.approx([3 * power / sum(powers) for power in powers])


@pytest.mark.parametrize(("words", "message"), [({"strategy": "pareto"}, "'pareto' is not one of"), ({"core": 0.0}, "core more than 0")])
def test_wrong_balances_say_what_is_wrong(words: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Balance(**words)
