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
        ("unlicensed", "research"),
        ("Unlicensed - internal use only", "research"),
        ("CC BY-NC4.0", "research"),
        ("cc by-nc4", "research"),
        ("CC BY-NCSA 4.0", "research"),
        ("Nur mit Genehmigung der Studio GmbH", "research"),
        ("Copyright MIT CSAIL, ask first", "research"),
        ("Copyright: MIT (CSAIL)", "research"),
        ("not public domain", "research"),
        ("not yet: MIT", "research"),
        ("licensed, not CC BY", "research"),
        ("MIT (internal)", "research"),
        ("MIT (with the consent of Studio X)", "research"),
        ("MIT (?)", "research"),
        ("MIT (code), all rights reserved for the motions", "research"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", "research"),
        ("cc by", "free"),
        ("CC BY 4.0 (Anna Meier)", "free"),
        ("Creative Commons Attribution 4.0 International (CC BY 4.0)", "free"),
        ("https://creativecommons.org/licenses/by/4.0/", "free"),
        ("CC0 1.0 Universal (CC0 1.0) Public Domain Dedication", "free"),
        ("public domain", "free"),
        ("Dedicated to the public domain.", "free"),
        ("The MIT License (MIT)", "free"),
        ("MIT OR Apache-2.0", "free"),
        ("Apache License, Version 2.0", "free"),
        ("The Unlicense", "free"),
        ("BSD-3-Clause", "free"),
        ('BSD 3-Clause "New" or "Revised" License', "free"),
        ("ISC License", "free"),
    ],
)
def test_licence_class(licence: str, expected: str) -> None:
    assert licence_class(licence) == expected
