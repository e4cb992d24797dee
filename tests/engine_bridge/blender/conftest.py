"""The add-on's zip, a real runtime, and the Blenders."""

import importlib.util
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine_bridge.blender.plain import module, unpack
from motionwire.client import Client
from motionwire.motion.clip import Clip
from motionwire.server.process import ServerProcess

BUILD = Path(__file__).resolve().parents[3] / "engine_bridge" / "blender" / "build.py"


@pytest.fixture(scope="session")
def build() -> Any:
    """The module `build.py`."""
    spec = importlib.util.spec_from_file_location("blender_build", BUILD)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def add_on(build: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The add-on's zip, just packed."""
    return build.build(tmp_path_factory.mktemp("blender"))


@pytest.fixture(scope="session")
def runtime() -> Iterator[ServerProcess]:
    """`motionwire serve` with the default bundle, in a process of its own."""
    with ServerProcess() as server:
        yield server


@pytest.fixture(scope="session")
def expected(runtime: ServerProcess) -> Callable[[str, float, int], Clip]:
    """expected(sentence, seconds, seed): the clip that the runtime's own client is given."""

    @cache
    def generate(text: str, seconds: float, seed: int) -> Clip:
        with Client(runtime.endpoint, timeout=60.0) as client:
            return client.generate(text, seconds, seed)

    return generate


@pytest.fixture(scope="session")
def plain(add_on: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """plain(name): a module of the add-on that needs no Blender."""
    unpack(add_on, tmp_path_factory.mktemp("add_on"))
    return module
