"""The zip: what the extensions platform's own validator says of it, and that it is the same whenever it is packed."""

import subprocess
from pathlib import Path
from typing import Any

from engine_bridge.blender.blenders import WHEEL, command

WHERE = "import importlib.util; print(importlib.util.find_spec('bpy').origin)"


def test_extension_is_valid(add_on: Path) -> None:
    (python,) = command(WHEEL)
    module = subprocess.run([python, "-c", WHERE], capture_output=True, text=True, check=True).stdout.strip()
    (validator,) = Path(module).parent.glob("*/scripts/addons_core/bl_pkg/cli/blender_ext.py")
    done = subprocess.run([python, str(validator), "validate", str(add_on)], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "FATAL_ERROR" not in done.stdout + done.stderr, done.stdout + done.stderr


def test_same_bytes_again(build: Any, add_on: Path, tmp_path: Path) -> None:
    assert build.build(tmp_path).read_bytes() == add_on.read_bytes()
