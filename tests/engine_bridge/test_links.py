"""The READMEs of the engine bridge and of the samples lead to files that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / name for name in ("engine_bridge/README.md", "engine_bridge/godot/README.md", "samples/README.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_links_lead_to_files(page: Path) -> None:
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8"))]
    assert targets
    assert [target for target in targets if target and "://" not in target and not (page.parent / target).exists()] == []
