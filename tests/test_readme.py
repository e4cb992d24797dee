"""The README keeps its promises: its links lead somewhere, CI runs its test command, its commands exist."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (.+?)(?:\s{2,}#.*)?$", README, flags=re.MULTILINE)


def test_links_and_pictures_lead_to_files() -> None:
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target]
    assert "docs/pictures/demo.gif" in targets
    assert [target for target in targets if not (ROOT / target.split("#")[0]).exists()] == []


def test_ci_runs_the_test_command_word_for_word() -> None:
    command = next(line for line in COMMANDS if "pytest" in line)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_command_is_installed() -> None:
    scripts = set(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"])
    named = {line.split()[0] for line in COMMANDS if line.startswith("motionwire")}
    assert named <= scripts
    for name in {line.split()[1] for line in COMMANDS if line.startswith("motionwire ")}:
        assert (ROOT / "python_runtime" / "motionwire" / "cli" / f"{name}.py").is_file(), name
