"""The figures of `motionwire bench text` on the embedded bundle: all there, and consistent with each other."""

import pytest

from motionwire.bench import sentences, text
from motionwire.bundle import Bundle, default
from motionwire.generator.generator import Generator


def test_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "ROUNDS", 1)
    monkeypatch.setattr(text, "CROWDS", (1, 3))
    monkeypatch.setattr(sentences, "CROWD", 3)
    monkeypatch.setattr(sentences, "RUNS", 3)
    figures = text.measure(Bundle.load(default()), 0.5, 1)
    assert {"first_frame_ms", "ms_per_token", "motion_s_per_s", "floor_ms_per_token"} <= figures.keys()
    for name in ("prefill_20_words_ms", "decoder_step_ms", "positions_per_s_at_32", "floor_positions_per_s_at_32", "clip_4_s_to_bvh_ms"):
        assert figures[name] > 0  # type: ignore[operator]
    lines = {line["name"]: line for line in figures["lines"]}  # type: ignore[attr-defined]
    assert len(lines) == 6 and all(line["met"] == (line["found"] >= line["asked"]) for line in lines.values() if line["least"])
    assert [line["name"] for line in lines.values() if not line["floor"]] == ["decoder, one step (the bare graph)"]
    for count in (1, 3):
        together, acting = figures["together"][str(count)], figures["acting"][str(count)]  # type: ignore[index]
        assert together["motion_s_per_s"] == pytest.approx(count * together["motion_s_per_s_each"], rel=0.05)
        assert 0 < together["first_frame_ms_min"] <= together["first_frame_ms_max"]
        # 15 frames at 30 fps are 29 ticks, of which the first has none before it; on a busy machine some may be held.
        assert acting["frames"] >= 28 * count and 0 <= acting["held_frames"] < acting["frames"]
        assert 0 < acting["first_frame_ms_p50"] <= acting["first_frame_ms_p99"]


def test_a_floor_is_of_the_sentence_that_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare run that takes as many ms as it has tokens, and next to nothing for anything else."""
    bundle = Bundle.load(default())
    monkeypatch.setattr(sentences, "_bare", lambda _bundle, _graph, _rows, _threads, tokens=0: float(tokens))
    monkeypatch.setattr(sentences, "bare_position", lambda *_: 1e-6)
    monkeypatch.setattr(sentences, "_median", lambda *_: 1.0)
    monkeypatch.setattr(sentences, "_crowd", lambda _: 1.0)
    found = sentences.pieces(bundle, Generator(bundle), 1, ["she dances", "a person walks forward", "she dances"])
    assert len(sentences.TWENTY_WORDS.split()) == 20 and found["floor_prefill_20_words_ms"] == 22
    assert (found["floor_first_frame_ms"], found["floor_clip_4_s_to_bvh_ms"]) == (4, 6)
