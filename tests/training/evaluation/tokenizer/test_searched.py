"""A search for codes: it looks at the neighbours, finds what decodes better, and needs codes that have neighbours."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from motionwire.bundle import Bundle, default
from motionwire.errors import InputError
from motionwire.motion import features
from motionwire_training.evaluation.tokenizer.command import main
from motionwire_training.evaluation.tokenizer.graphs import TokenizerGraphs
from motionwire_training.evaluation.tokenizer.reconstruction import errors
from motionwire_training.evaluation.tokenizer.searched import SearchedGraphs, near_codes
from motionwire_training.tokenizer.load import load_tokenizer
from synthetic import walking_clip
from toy_models import toy_bundle, toy_runs

WALK = features.encode(walking_clip(2))


def test_near_codes_differ_by_one_level_of_one_digit() -> None:
    _, tokenizer, _ = toy_runs()
    trained = load_tokenizer(tokenizer)
    vectors = trained.model.quantizer.vectors[0].numpy()
    sizes = [len(np.unique(vectors[:, digit])) for digit in range(vectors.shape[1])]
    for code, near in enumerate(near_codes(trained.config.levels)):
        levels_apart = np.abs(vectors - vectors[code]) * (np.array(sizes) // 2)
        assert set(near) == set(np.flatnonzero(np.isclose(levels_apart.sum(axis=1), 1)))


def test_the_search_finds_what_decodes_better() -> None:
    bundle = Bundle.load(default())
    encoder, *searches = (graphs.replay(WALK) for graphs in (TokenizerGraphs(bundle), SearchedGraphs(bundle, 1), SearchedGraphs(bundle, 8)))
    said, *found = (errors(WALK, made)["mpjpe_mm"] + errors(WALK, made)["rotation_deg"] for made in (encoder, *searches))
    assert found[1] < found[0] < 0.95 * said


def test_codes_without_neighbours_are_refused() -> None:
    bundle = Bundle.load(str(toy_bundle()))
    learned = Bundle(bundle.folder, msgspec.structs.replace(bundle.manifest, codebook={"levels": [], "groups": 2, "codes": 240}))
    with pytest.raises(InputError, match="no neighbours"):
        SearchedGraphs(learned, 4)


def test_the_command_tells_both(tmp_path: Path) -> None:
    data, _, _ = toy_runs()
    main(str(toy_bundle()), data, str(tmp_path / "figures.json"), 1, 2)
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["searched"]["beams"] == 2
    assert figures["searched"]["mpjpe_mm"] < figures["mpjpe_mm"] and figures["searched"]["positions"] == figures["positions"]
