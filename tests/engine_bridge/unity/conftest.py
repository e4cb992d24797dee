"""The console program, compiled both ways."""

import pytest

from engine_bridge.unity import build
from engine_bridge.unity.toolchain import or_skip


@pytest.fixture(scope="session")
def programs() -> dict[str, list[str]]:
    """Words that start the console program, by how it is compiled."""
    return or_skip(build.build)


@pytest.fixture(params=["csharp_jit", "csharp_aot"])
def program(request: pytest.FixtureRequest, programs: dict[str, list[str]]) -> list[str]:
    """The console program, once just-in-time and once fully ahead-of-time compiled."""
    return programs[request.param]


@pytest.fixture(scope="session")
def jit(programs: dict[str, list[str]]) -> list[str]:
    """The console program, just-in-time compiled."""
    return programs["csharp_jit"]
