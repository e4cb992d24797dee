"""What a bundle says of its licence: the project's own for its own sets, the owners' words for others."""

import csv
import json
from pathlib import Path

import pytest

import motionwire
from motionwire.errors import InputError
from motionwire.manifest import TrainingData
from motionwire_export.licences import KNOWN, joined_licence, licence_of

BANDAI, CMU, MIT = (TrainingData(f"set {number}", licence, 3) for number, licence in enumerate(KNOWN))


def test_bundles_of_the_projects_sets_have_its_licences() -> None:
    assert licence_of([CMU, MIT], free=True) == "Apache-2.0" and licence_of([BANDAI, CMU], free=False) == "CC BY-NC 4.0"
    for name in ("free", "research"):
        told = json.loads((Path(motionwire.__file__).parent / "bundles" / name / "bundle.json").read_text())
        sources = [TrainingData(**row) for row in told["training_data"]]
        assert licence_of(sources, told["commercial_use"]) == told["licence"]
    with pytest.raises(InputError, match="--licence is for data of one's own"):
        licence_of([CMU], free=True, own="mine")


def test_known_licences_are_those_of_the_shared_data(shared_data: Path) -> None:
    with (shared_data / "manifest.csv").open(encoding="utf-8") as file:
        assert {row["licence"] for row in csv.DictReader(file)} == set(KNOWN)


def test_data_of_ones_own_has_its_own_licence() -> None:
    studio, silent = TrainingData("studio", "Studio X, internal", 3), TrainingData("takes", "", 2)
    assert licence_of([studio, silent, studio], free=False) == "Studio X, internal; unknown"
    assert licence_of([CMU, studio], free=False) == f"{CMU.licence}; Studio X, internal"
    assert licence_of([CMU, studio, silent], free=False, own="Studio X") == f"{CMU.licence}; Studio X"
    assert licence_of([CMU, TrainingData("theirs (sentences)", "theirs", 3)], free=True) == "Apache-2.0", "sentences are no motion"


def test_models_of_two_bundles_have_both_licences() -> None:
    assert joined_licence("Apache-2.0", "CC BY-NC 4.0", kept_free=False) == "CC BY-NC 4.0"
    assert joined_licence("CC BY-NC 4.0", "Apache-2.0", kept_free=True) == "CC BY-NC 4.0"
    assert joined_licence("Studio X", "CC BY-NC 4.0", kept_free=False) == "CC BY-NC 4.0; Studio X"
    assert joined_licence("Studio X", "Studio X", kept_free=False) == "Studio X"
    assert joined_licence(f"{BANDAI.licence}; Studio X", "CC BY-NC 4.0", kept_free=False) == f"{BANDAI.licence}; Studio X"
