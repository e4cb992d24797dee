"""The comparison of quantisers: every contender's run, a table that says what each needs, and it goes on where it was stopped."""

import json
from pathlib import Path

import pytest

from motionwire_training.tokenizer import compare
from motionwire_training.tokenizer.compare import CONTENDERS, Contender, main, table
from motionwire_training.tokenizer.configuration import TokenizerConfig
from toy_models import TINY_TOKENIZER, write_dataset


def test_every_contender_is_a_tokenizer() -> None:
    for contender in CONTENDERS:
        config = TokenizerConfig(data="d", out="o", licence="free", **contender._asdict())
        assert config.bits <= 16
    assert len({contender.name for contender in CONTENDERS}) == len(CONTENDERS)


def test_a_table_of_runs_that_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "CONTENDERS", (Contender("fsq", 512, 1), Contender("vq_reset", 512, 1)))
    words = [f"data={write_dataset(tmp_path / 'data')}", "licence=free", f"out={tmp_path / 'out'}", *TINY_TOKENIZER, "bf16=false"]
    rows = main(words)
    assert [row["quantizer"] for row in rows] == ["fsq", "vq_reset"]
    assert rows[0]["parameters"] == 0 and rows[1]["parameters"] == 512 * 32
    assert json.loads((tmp_path / "out" / "table.json").read_text()) == rows
    written = (tmp_path / "out" / "table.md").read_text()
    assert written == table(rows) and "| vq_reset | 512 | 9.0 |" in written and "resets" in written
    before = (tmp_path / "out" / "fsq-1x512" / "best.safetensors").stat().st_mtime_ns
    assert main(words) == rows
    assert (tmp_path / "out" / "fsq-1x512" / "best.safetensors").stat().st_mtime_ns == before, "finished runs are not trained again"
