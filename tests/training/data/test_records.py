"""What is kept of the outcomes while an import is put together."""

import json
import tracemalloc

import pytest

from motionwire_training.data.items import Item
from motionwire_training.data.process import Outcome
from motionwire_training.data.records import slim


def outcome(key: str, status: str = "imported") -> dict:
    item = Item(key, f"takes/{key}.bvh", "bvh", "studio", "MIT", "anna", "walk", "tired", split="train")
    measures = {f"measure_{number}": number + 0.5 for number in range(30)}
    return Outcome(item, status, "too_short", "0.3 s", measures).record() | {"hash": key}


def test_a_record_keeps_what_the_report_reads() -> None:
    found, whole = slim(outcome("a", "rejected")), outcome("a", "rejected")
    assert {name: whole[name] for name in found if name not in ("flags", "measures")} == {
        name: value for name, value in found.items() if name not in ("flags", "measures")
    }
    assert dict(found["measures"]) == whole["measures"] and list(found["flags"]) == whole["flags"]
    with pytest.raises(KeyError):
        found["measures"]["height"]


def test_records_are_small() -> None:
    lines = [json.dumps(outcome(f"clip_{number:06d}")) for number in range(400)]
    sizes = []
    for read in (json.loads, lambda line: slim(json.loads(line))):
        tracemalloc.start()
        kept = [read(line) for line in lines]
        sizes.append(tracemalloc.get_traced_memory()[0] / len(kept))
        tracemalloc.stop()
    assert sizes[1] < 1500 and sizes[1] < sizes[0] / 2
