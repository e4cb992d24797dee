"""The plugin as a package, and its engine layer's syntax against stubs. No part of this is a compilation by the engine."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from engine_bridge.unreal import unreal_headers
from engine_bridge.unreal.build import HERE, PLUGIN

SOURCE = PLUGIN / "Source"
HEADERS = [header for header in sorted(SOURCE.rglob("*.h")) if unreal_headers.is_reflected(header)]
SOURCES = sorted(SOURCE.rglob("*.cpp"))
ENGINE = re.compile(r"\b[FUTE][A-Z][a-z]+[A-Z]\w+|\bTEXT\(|CoreMinimal|\bthrow\b|\bcatch\b|dynamic_cast|typeid")
UNDEFINED = ["-Wno-undefined-var-template", "-Wno-undefined-internal-type"]  # stubs declare, they do not define
WARNINGS = ["-Wall", "-Wextra", "-Wshadow", "-Wno-unused-parameter", *UNDEFINED, "-Werror"]


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the *.generated.h of all reflected headers."""
    folder = tmp_path_factory.mktemp("generated")
    for header in HEADERS:
        (folder / f"{header.stem}.generated.h").write_text(unreal_headers.generated(header), encoding="utf-8")
    return folder


def complaints(module: str, generated: Path, sources: list[Path]) -> str:
    """What clang++ says of these files of a module; empty: nothing."""
    compiler = shutil.which("clang++")
    if compiler is None:
        assert not os.environ.get("CI"), "clang++ is not installed"
        pytest.skip("clang++ is not installed")
    public = [SOURCE / "MotionwireCore" / "Public", SOURCE / "Motionwire" / "Public"]
    folders = [HERE / "stubs", generated, *public, SOURCE / module / "Private"]
    command = [compiler, "-fsyntax-only", "-std=c++20", "-fno-exceptions", "-fno-rtti", *WARNINGS]  # UE 5.4 compiles C++20
    command += [f"-I{folder}" for folder in folders] + [str(source) for source in sources]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


@pytest.mark.parametrize("module", ["Motionwire", "MotionwireEditor"])
def test_syntax(module: str, generated: Path) -> None:
    sources = [source for source in SOURCES if source.is_relative_to(SOURCE / module)]
    assert len(sources) >= 3
    assert complaints(module, generated, sources) == ""


@pytest.mark.parametrize("module", ["Motionwire", "MotionwireEditor"])
def test_syntax_as_one_file(module: str, generated: Path, tmp_path: Path) -> None:
    """UnrealBuildTool's usual way: the files of a module are one translation unit, and must not have two things of one name."""
    sources = [source for source in SOURCES if source.is_relative_to(SOURCE / module)]
    unity = tmp_path / f"Module.{module}.cpp"
    unity.write_text("".join(f'#include "{source}"\n' for source in sources), encoding="utf-8")
    assert complaints(module, generated, [unity]) == ""


def test_the_check_can_fail(generated: Path, tmp_path: Path) -> None:
    """A call that the engine does not have is found."""
    text = (SOURCE / "Motionwire" / "Private" / "MotionwireSubject.cpp").read_text(encoding="utf-8")
    (tmp_path / "broken.cpp").write_text(text.replace("PushSubjectFrameData_AnyThread", "PushFrame_AnyThread"), encoding="utf-8")
    assert "PushFrame_AnyThread" in complaints("Motionwire", generated, [tmp_path / "broken.cpp"])


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: header.stem)
def test_header_tool_rules(header: Path) -> None:
    assert unreal_headers.problems(header) == []


def test_every_module_is_there() -> None:
    plugin = json.loads((PLUGIN / "Motionwire.uplugin").read_text(encoding="utf-8"))
    names = {module["Name"] for module in plugin["Modules"]}
    assert "EngineVersion" not in plugin  # it would ask users of every other version whether to load it at all
    assert plugin["FileVersion"] == 3 and names == {"Motionwire", "MotionwireEditor"}
    for name in names | {"MotionwireCore"}:
        rules = (SOURCE / name / f"{name}.Build.cs").read_text(encoding="utf-8")
        assert f"public class {name} : ModuleRules" in rules
    for name in names:
        assert any(f"IMPLEMENT_MODULE(F{name}Module, {name})" in source.read_text(encoding="utf-8") for source in SOURCES)


def test_the_core_knows_no_engine() -> None:
    for header in (SOURCE / "MotionwireCore").rglob("*.h"):
        text = header.read_text(encoding="utf-8")
        assert not ENGINE.search(text), header.name
        assert all(name.startswith("MotionwireCore/") for name in re.findall(r'#include "([^"]+)"', text)), header.name


def test_packaged_files_exist() -> None:
    listed = [line for line in (PLUGIN / "Config" / "FilterPlugin.ini").read_text(encoding="utf-8").splitlines() if line.startswith("/")]
    for line in listed:
        assert (PLUGIN / line.removeprefix("/").removesuffix("/...")).exists(), line
    assert not (PLUGIN / "Content").exists() and not list(PLUGIN.rglob("*.uasset"))
