"""A tokenizer's graphs are opened without a text-to-motion beside them, and a bundle that does not tell its codes is refused."""

import json
import shutil
from pathlib import Path

import pytest

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire_training.evaluation.tokenizer.graphs import TokenizerGraphs


def test_of_a_bundle_that_has_a_tokenizer_alone(tmp_path: Path) -> None:
    whole = Bundle.load("free")
    logits = whole.session("text_to_motion_codes").get_outputs()[0].shape
    folder = shutil.copytree(whole.folder, tmp_path / "alone")
    manifest = json.loads((folder / "bundle.json").read_text())
    manifest["graphs"] = {name: graph for name, graph in manifest["graphs"].items() if name.startswith("tokenizer")}
    (folder / "bundle.json").write_text(json.dumps(manifest))
    found = TokenizerGraphs(Bundle.load(str(folder)))
    assert (found.groups, found.codes) == (logits[1], logits[2] - 1)  # the generator's last one is the end of the motion
    (folder / "bundle.json").write_text(json.dumps({**manifest, "codebook": {}}))
    with pytest.raises(InputError, match="its codebook does not say"):
        TokenizerGraphs(Bundle.load(str(folder)))
