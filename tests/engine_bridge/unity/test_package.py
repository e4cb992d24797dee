"""What Unity's package manager needs and no compiler sees: the manifest, assembly definitions, and .meta files."""

import json
import re

from engine_bridge.unity.build import PACKAGE
from engine_bridge.unity.make_meta import assets, meta_of


def test_every_asset_has_a_meta_of_its_own() -> None:
    guids = {}
    for asset in assets():
        text = meta_of(asset).read_text()
        found = re.search(r"^guid: ([0-9a-f]{32})$", text, re.MULTILINE)
        assert found, asset
        assert found[1] not in guids, f"{asset} and {guids[found[1]]}"
        assert ("folderAsset: yes" in text) == asset.is_dir()
        guids[found[1]] = asset
    assert len(guids) > 50


def test_no_meta_is_left_over() -> None:
    metas = {path for path in PACKAGE.rglob("*.meta")}
    assert metas == {meta_of(asset) for asset in assets()}


def test_manifest() -> None:
    manifest = json.loads((PACKAGE / "package.json").read_text())
    assert (manifest["name"], manifest["unity"]) == (PACKAGE.name, "2021.3")
    assert f"## {manifest['version']}" in (PACKAGE / "CHANGELOG.md").read_text()
    samples = {(PACKAGE / sample["path"]).resolve() for sample in manifest["samples"]}
    assert samples == {path for path in (PACKAGE / "Samples~").iterdir() if path.is_dir()}


def test_assemblies_refer_to_what_exists() -> None:
    definitions = [json.loads(path.read_text()) for path in PACKAGE.rglob("*.asmdef")]
    names = {definition["name"] for definition in definitions}
    foreign = {"Unity.InputSystem", "UnityEngine.TestRunner", "UnityEditor.TestRunner"}
    for definition in definitions:
        assert set(definition["references"]) <= names | foreign, definition["name"]
    core = next(definition for definition in definitions if definition["name"] == "Motionwire.Core")
    assert core["noEngineReferences"] is True


def test_core_knows_no_engine() -> None:
    for source in (PACKAGE / "Runtime" / "Core").rglob("*.cs"):
        assert "UnityEngine" not in source.read_text(), source


def test_no_sleeping_threads() -> None:
    for source in PACKAGE.rglob("*.cs"):
        assert "Sleep(" not in source.read_text(), source
