"""At which rate keyed motion is sampled: the keys' own where all of them lie on its frames."""

import numpy as np
import pytest

from motionwire.formats.keys import Keys, common_rate


def keys(times: list[float], cubic: bool = False) -> Keys:
    values = np.zeros((len(times), 3))
    return Keys(np.array(times), values, (values, values) if cubic else None)


@pytest.mark.parametrize(
    ("motion", "rate"),
    [
        ([keys([0, 1 / 30, 2 / 30, 3 / 30]), keys([0, 2 / 30])], 30.0),
        ([keys([0, 1, 2]), keys([0, 2])], 1.0),
        ([keys([0, 1, 2]), keys([0, 0.1, 2])], None),
        ([keys([0, 0.1, 2]), keys([0, 1, 2])], None),
        ([keys([0, 1, 2], cubic=True)], None),
        ([keys([0, 1 / 24, 2 / 24], cubic=True)], 24.0),
        ([keys([0])], None),
    ],
    ids=["on frames", "even", "one off", "one off, told first", "curves between keys", "baked curves", "one key"],
)
def test_the_rate_of_the_most_keys_if_all_lie_on_it(motion: list[Keys], rate: float | None) -> None:
    assert common_rate(motion) == rate
