"""The two variants of the addon are one source: Godot 3's is made from Godot 4's, which a parser of Godot 4's language accepts."""

import importlib.util
import re
from typing import Any

import pytest
from gdtoolkit.linter import DEFAULT_CONFIG, lint_code

from engine_bridge.godot.build import GODOT3, PROJECT


def _converter() -> Any:
    spec = importlib.util.spec_from_file_location("to_godot3", PROJECT / "to_godot3.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CONVERTER = _converter()
SOURCES = CONVERTER.sources()
SCRIPTS = [path for path in sorted(PROJECT.rglob("*.gd")) if GODOT3 not in path.parents]
LINE = 130
STYLE = DEFAULT_CONFIG | {"max-line-length": LINE, "max-returns": 40, "max-public-methods": 40, "function-name": r"_?[a-z0-9_]+"}


@pytest.mark.parametrize("name", SOURCES)
def test_godot3_is_made_from_godot4(name: str) -> None:
    made = CONVERTER.converted(SOURCES[name].read_text(encoding="utf-8"), SOURCES[name].suffix)
    assert (GODOT3 / name).read_text(encoding="utf-8") == made, "run engine_bridge/godot/to_godot3.py"


def test_godot3_has_nothing_else() -> None:
    files = {path.relative_to(GODOT3).as_posix() for path in GODOT3.rglob("*.*") if path.suffix in (".gd", ".tscn")}
    assert files == set(SOURCES) | CONVERTER.OWN


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_godot4_source(path: Any) -> None:
    """It parses, keeps to the language's style, and has none of Godot 3's names."""
    code = path.read_text(encoding="utf-8")
    assert not [f"{problem.line}: {problem.description}" for problem in lint_code(code, STYLE)]
    old = {new: was for was, new in CONVERTER.NAMES.items() if was not in CONVERTER.METHODS and new != "Transform"}
    assert not [f"{name}: in Godot 4 {old[name]}" for name in re.findall(r"(?<![\w$])\w+", code) if name in old]


def test_both_platform_files_have_the_same_functions() -> None:
    for name in CONVERTER.OWN:
        functions = [re.findall(r"^static func (\w+)", (root / name).read_text(encoding="utf-8"), re.M) for root in (PROJECT, GODOT3)]
        assert functions[0] == functions[1]
