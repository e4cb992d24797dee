"""What the labels beside a clip say of it."""

import pytest

from motionwire_training.data.items import Item
from motionwire_training.data.process import may_be_mirrored


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({}, True),
        ({"content": "strafe-left"}, True),
        ({"content": "salsa"}, False),
        ({"content": "salsa", "mirror": True}, True),
        ({"content": "walk", "mirror": False}, False),
        ({"content": "walk", "style": "limp-left"}, False),
    ],
)
def test_a_clip_may_be_mirrored_unless_its_labels_would_be_wrong_then(labels: dict, expected: bool) -> None:
    assert may_be_mirrored(Item("a", "a.bvh", "bvh", "made", **labels)) is expected
