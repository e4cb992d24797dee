"""States as bytes: they come back as they were, and bytes that are something else are refused."""

import io

import numpy as np
import pytest

from controller.fake_network import FakeNetwork
from motionwire.controller.controller import Controller
from motionwire.controller.intent import Intent
from motionwire.errors import InputError

MOVE = Intent(np.array([[0.0, 1.4], [1.0, 0.0]], np.float32), np.full(2, np.nan, np.float32), np.array([0, 1]))


def walked(controller: Controller):
    state = controller.create(np.zeros((2, 3)), np.zeros(2))
    for _ in range(50):
        controller.step(state, MOVE, 1 / 50)
    return state


def test_loaded_characters_go_on_as_those_that_were_saved() -> None:
    controller = Controller(FakeNetwork())
    state = walked(controller)
    again = controller.load(controller.save(state))
    for _ in range(20):
        one, other = controller.step(state, MOVE, 1 / 50), controller.step(again, MOVE, 1 / 50)
        np.testing.assert_array_equal(one.root_positions, other.root_positions)
        np.testing.assert_array_equal(one.rotations, other.rotations)


def changed(data: bytes, name: str, value: object) -> bytes:
    arrays = dict(np.load(io.BytesIO(data)))
    if value is None:
        del arrays[name]
    else:
        arrays[name] = value(arrays[name])
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("pose", None, "holds"),
        ("pose", lambda a: a[:, :-1], "pose is"),
        ("pose", lambda a: a.astype(np.float64), "pose is"),
        ("pose", lambda a: a * np.float32(np.nan), "not a number"),
        ("headings", lambda a: a[:, None], "positions is"),
        ("newest", lambda a: a + 10_000, "broken"),
        ("ahead", lambda a: a + 5, "broken"),
        ("feet", lambda a: a["place"], "feet is"),
    ],
)
def test_what_is_no_saved_state_is_refused(name: str, value: object, words: str) -> None:
    controller = Controller(FakeNetwork())
    data = controller.save(walked(controller))
    with pytest.raises(InputError, match=words):
        controller.load(changed(data, name, value))


def test_bytes_that_are_no_archive_are_refused() -> None:
    controller = Controller(FakeNetwork())
    for data in (b"", b"PK\x03\x04 not really", controller.save(walked(controller))[:-200]):
        with pytest.raises(InputError):
            controller.load(data)
