"""The add-on's modules that need no Blender, imported from the zip's content: its package without its `__init__`."""

import importlib
import sys
import types
import zipfile
from pathlib import Path
from typing import Any

PACKAGE = "motionwire_blender"


def unpack(add_on: Path, folder: Path) -> None:
    """Make the package importable from a folder."""
    with zipfile.ZipFile(add_on) as archive:
        archive.extractall(folder)
    package = types.ModuleType(PACKAGE)
    package.__path__ = [str(folder / PACKAGE)]
    sys.modules[PACKAGE] = package


def module(name: str) -> Any:
    """A module of the unpacked package."""
    return importlib.import_module(f"{PACKAGE}.{name}")
