"""Builds of the C++ core. A missing toolchain is a failure in CI and a skip elsewhere."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine_bridge.unreal import build


def made(what: Callable[[], Path]) -> Path:
    """The folder that `what` builds."""
    try:
        return what()
    except build.MissingToolchainError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def release() -> Path:
    """Programs compiled by g++."""
    return made(build.release)


@pytest.fixture(scope="session")
def sanitized() -> Path:
    """Programs compiled by clang++ with sanitizers."""
    return made(build.sanitized)
