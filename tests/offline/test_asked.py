"""Sentences, files of them and timelines as people write them; names of files; what is wrong is named with its place."""

from pathlib import Path

import pytest

from motionwire.errors import InputError
from motionwire.offline.asked import check_sentence, sentences, stem_of, timeline, variants


@pytest.mark.parametrize(
    ("sentence", "stem"),
    [
        ("A man waves!", "a-man-waves_s7"),
        ("  ../../etc/passwd \0 ", "etc-passwd_s7"),
        ("走る", "走る_s7"),
        ("?!", "motion_s7"),
        ("walk " * 100, "walk-" * 11 + "walk_s7"),
        ("\U0001d54ealk CON", "walk-con_s7"),
    ],
)
def test_names_come_from_sentences(sentence: str, stem: str) -> None:
    found = stem_of(sentence, 7)
    assert found == stem and len(found.encode()) < 200


def test_variants_count_the_seed_up() -> None:
    items = list(variants("here", [("a man walks", 2.0)], 5, 3))
    assert [(item.seed, item.stem) for item in items] == [(5, "a-man-walks_s5"), (6, "a-man-walks_s6"), (7, "a-man-walks_s7")]


def test_a_file_has_a_sentence_a_line(tmp_path: Path) -> None:
    path = tmp_path / "prompts.txt"
    path.write_bytes("\ufeffa man walks\r\n\nshe dances".encode())
    assert sentences(path) == [(f"{path}:1", "a man walks"), (f"{path}:2", ""), (f"{path}:3", "she dances")]
    assert check_sentence(" \t") == "the sentence is empty" and "100000 characters" in str(check_sentence("x" * 100_000))
    for content, message in ((b"", "no sentence"), (b"\xff\xfe\x00", "not UTF-8")):
        path.write_bytes(content)
        with pytest.raises(InputError, match=message):
            sentences(path)


YAML = """
- {sentence: a man walks, seconds: 2}
- {sentence: he runs, start: 2.5, seconds: 1.5}
- {sentence: he waves}
"""


def test_a_timeline(tmp_path: Path) -> None:
    expected = [("a man walks", 2.0), ("", 0.5), ("he runs", 1.5), ("he waves", 3.0)]
    (tmp_path / "t.yaml").write_text(YAML)
    assert timeline(tmp_path / "t.yaml", 3.0) == expected
    assert timeline(tmp_path / "t.yaml", None)[-1] == ("he waves", None)
    (tmp_path / "t.csv").write_text("sentence,start,seconds\na man walks,0,\nhe runs,2,1.5\n")
    assert timeline(tmp_path / "t.csv", 3.0) == [("a man walks", 2.0), ("he runs", 1.5)]


def test_what_lasts_long_is_said_again(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("- {sentence: he waits, seconds: 60}\n- {sentence: he runs, start: 90, seconds: 3}\n")
    legs = timeline(tmp_path / "t.yaml", None)
    assert legs == [("he waits", 20.0)] * 3 + [("", 15.0)] * 2 + [("he runs", 3.0)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "t.yaml",
            "- {sentence: a, start: 0, seconds: 5}\n- {sentence: b, start: 3}",
            "row 2: begins at 3 s, before the one before it ends",
        ),
        ("t.yaml", "- {sentence: a}\n- {sentence: b, seconds: 1}", "row 1: has no seconds"),
        ("t.yaml", "- {sentence: ''}", "row 1: the sentence is empty"),
        ("t.yaml", "- {sentence: [a]}", "row 1: has no sentence"),
        ("t.yaml", "- {sentence: a, seconds: soon}", "'soon' is not a number"),
        ("t.yaml", "- {sentence: a, seconds: .nan}", "not a number"),
        ("t.yaml", "- {sentence: a, start: 2026-13-01}", "not a timeline: month must be in 1..12"),
        ("t.yaml", "- {sentence: a, start: 0x_}", "not a timeline: invalid literal"),
        ("t.yaml", f"- {{sentence: a, seconds: {'9' * 400}}}", "row 1: seconds '9+' is not a number"),
        ("t.yaml", "- {sentence: a, seconds: 0}", "row 1: lasts 0 s"),
        ("t.yaml", "- {sentence: a, seconds: 1}\n- {sentence: b, start: 1.06}", "row 2: leaves a gap before it of 0.06 s"),
        ("t.csv", "sentence,seconds\nhe waves, and bows,2\n", "row 1: has more columns than the first line"),
        ("t.yaml", "- {sentence: a, length: 2}", "unknown column 'length'"),
        ("t.yaml", "sentence: a", "a list of rows"),
        ("t.yaml", "!!python/object/apply:os.system ['true']", "not a timeline"),
        ("t.yaml", "- {sentence: a", "not a timeline"),
        ("t.csv", "words\nwalk\n", "unknown column 'words'"),
        ("t.txt", "walk", "a timeline is .yaml or .csv"),
    ],
)
def test_what_is_wrong_with_a_timeline_is_named(tmp_path: Path, name: str, content: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InputError, match=message) as raised:
        timeline(path, None)
    assert str(path) in str(raised.value)
