"""Tables say figures, and leave out what is none."""

from motionwire_training.evaluation.report import lines

NAN = float("nan")


def test_what_is_not_a_number_is_no_row() -> None:
    figures = {"a": NAN, "b": {"mean": NAN, "ci95": NAN}, "c": [NAN, NAN], "d": {"mean": 1.0, "ci95": NAN}, "e": [0.5, 1.0], "f": 2}
    found = lines("title", figures)
    assert [line.split() for line in found] == [["title"], ["d", "1"], ["e", "0.5", "1"], ["f", "2"]]
