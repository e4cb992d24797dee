"""What a tokenizer's codes could tell: those that decode best, searched for, in place of those that its encoder says.

The encoder's code of a position and its neighbours (one digit one level up or down) are decoded behind each of the sequences that are kept,
and the best `beams` of all are kept (analysis by synthesis with the M-algorithm, Anderson and Mohan 1984). What the search finds and the
encoder does not is the encoder's to learn; what neither finds, the codes or the decoder cannot say.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire_training.evaluation.tokenizer.graphs import Array, Codes, TokenizerGraphs
from motionwire_training.tokenizer.configuration import TokenizerLosses
from motionwire_training.tokenizer.data import whole_positions
from motionwire_training.torch_motion import forward_kinematics, local_rotations, root_path

WEIGHTS = TokenizerLosses()


class SearchedGraphs(TokenizerGraphs):
    """A bundle's tokenizer whose encoder is helped by a search. Raises InputError for codes that have no neighbours (FSQ's have)."""

    def __init__(self, bundle: Bundle, beams: int, threads: int = 1) -> None:
        super().__init__(bundle, threads)
        levels = bundle.manifest.codebook.get("levels")
        if not levels:
            raise InputError("its codes have no neighbours to search", bundle.folder)
        self._beams = beams
        self._near = near_codes(levels)

    def encode(self, values: Array) -> Codes:
        """Codes [N, G] of features [T, 276], of as many whole positions as there are."""
        wanted = whole_positions(values, layout.STRIDE)
        target = _Target(wanted)
        kept = np.zeros((1, 0, self.groups), np.int64)
        caches, cost, place = self.caches(1), torch.zeros(1), torch.zeros(1, 3)
        for position, said in enumerate(super().encode(values)):
            tried = self._around(said)
            rows = np.repeat(np.arange(len(kept)), len(tried))
            codes = np.tile(tried, (len(kept), 1))
            made, after = self.step(codes, {name: cache[rows] for name, cache in caches.items()})
            costs, places = target.cost(position, torch.from_numpy(made), place[rows])
            total = cost[rows] + costs
            best = total.argsort()[: self._beams]
            cost, place, chosen = total[best], places[best], best.numpy()
            kept = np.concatenate((kept[rows[chosen]], codes[chosen, None]), axis=1)
            caches = {name: cache[chosen] for name, cache in after.items()}
        return kept[0]

    def _around(self, said: NDArray[np.int64]) -> Codes:
        """The position's codes [G] and all that have another code in one group, near it [n, G]."""
        out = [said]
        for group, code in enumerate(said):
            for near in self._near[code]:
                out.append(said.copy())
                out[-1][group] = near
        return np.stack(out)


def near_codes(levels: list[int]) -> list[list[int]]:
    """For each FSQ code those one level of one digit away; a code is the sum of its digits times the product of the levels before."""
    steps = np.cumprod([1, *levels[:-1]])
    digits = np.arange(np.prod(levels))[:, None] // steps % levels
    return [
        [int(code + way * steps[d]) for d, size in enumerate(levels) for way in (-1, 1) if 0 <= own[d] + way < size]
        for code, own in enumerate(digits)
    ]


class _Target:
    """The motion that is to be told, features [T, 276]."""

    def __init__(self, wanted: Array) -> None:
        values = torch.from_numpy(wanted)
        self._rotations = local_rotations(values)
        self._joints = forward_kinematics(self._rotations)
        self._path, self._heading = root_path(values)

    def cost(self, position: int, made: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
        """What is wrong [n] with frames [n, 4, 276] of a position, weighed as in training, and where the root is after them [n, 3];
        place [n, 3]: where it was before (x, z, heading)."""
        part = slice(position * layout.STRIDE, (position + 1) * layout.STRIDE)
        rotations = local_rotations(made)
        turned = (rotations - self._rotations[part]).square().sum((-2, -1)).sqrt().mean((1, 2))
        apart = (forward_kinematics(rotations) - self._joints[part]).norm(dim=-1).mean((1, 2))
        path, heading = root_path(made, place)
        strayed = (path - self._path[part]).norm(dim=-1).mean(1) + (heading - self._heading[part]).abs().mean(1)
        after = torch.cat((path[:, -1], heading[:, -1:]), dim=1)
        return WEIGHTS.local_rotations * turned + WEIGHTS.kinematics * apart + WEIGHTS.path * strayed, after
