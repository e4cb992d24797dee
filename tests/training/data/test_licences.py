"""Licence texts: free only where nothing restricts and the text is understood."""

import pytest

from motionwire_training.data.licences import licence_class


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("CC BY-NC 4.0 (Bandai Namco Research Inc.)", "research"),
        ("CMU mocap: free for all uses (mocap.cs.cmu.edu, NSF EIA-0196217)", "free"),
        ("MIT (ReActIdle, RSAIT)", "free"),
        ("CC BY 4.0", "free"),
        ("CC-BY-4.0", "free"),
        ("CC0", "free"),
        ("Apache-2.0", "free"),
        ("CC BY (non-commercial use only)", "research"),
        ("CC BY 4.0, no commercial use", "research"),
        ("Apache-2.0, not for commercial use", "research"),
        ("free for all uses except commercial", "research"),
        ("CC BY 4.0, redistribution prohibited", "research"),
        ("MIT, for research purposes", "research"),
        ("CC BY-ND 4.0", "research"),
        ("CC BY-SA 4.0", "research"),
        ("Attribution-NonCommercial 4.0", "research"),
        ("", "research"),
        ("ask the author", "research"),
        ("emits sparks", "research"),
    ],
)
def test_licence_class(licence: str, expected: str) -> None:
    assert licence_class(licence) == expected
