"""What a motion without a past goes on from: the bundle's opening."""

import numpy as np
import pytest
from msgspec.structs import replace

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.generator.generator import Generator
from toy_models import random_features, toy_bundle

TEXT = "a person turns"


def opened(opening: list[list[int]]) -> Generator:
    bundle = Bundle.load(toy_bundle())
    return Generator(Bundle(bundle.folder, replace(bundle.manifest, opening=opening)))


def test_a_motion_without_a_past_goes_on_from_the_opening() -> None:
    history, plain = random_features(32), opened([])
    codes = plain.bundle.session("tokenizer_encoder").run(None, {"features": history[None]})[0][0].tolist()
    own, told, nothing = (
        np.concatenate(list(generator.stream(TEXT, 1.0, 3, past)))
        for generator, past in ((opened(codes), None), (plain, history), (plain, None))
    )
    np.testing.assert_array_equal(own, told)
    assert not np.array_equal(own, nothing)
    other = random_features(32, seed=1)
    asked = np.concatenate(list(opened(codes).stream(TEXT, 1.0, 3, other)))
    np.testing.assert_array_equal(asked, np.concatenate(list(plain.stream(TEXT, 1.0, 3, other))))


@pytest.mark.parametrize("opening", [[[0, 0]] * 9, [[0]], [[0, 240]], [[-1, 0]]])
def test_what_are_no_codes_is_refused(opening: list[list[int]]) -> None:
    with pytest.raises(InputError, match="opening is not up to 8 positions of 2 codes below 240"):
        opened(opening)
