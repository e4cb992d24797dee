"""Tests that need a program which a user's machine may lack: CI has it, elsewhere they skip and say why."""

import os

import pytest


def need(program: str | None, name: str) -> str:
    """The program's path; without it, the test fails in CI and skips elsewhere."""
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is not installed, and CI must have it")
        pytest.skip(f"{name} is not installed")
    return program
