"""What is installed: the machine, Python, and the packages that Motionwire asks for."""

import os
import platform
from collections.abc import Mapping
from importlib import metadata

from packaging.requirements import Requirement

from motionwire.cores import usable_cores

PACKAGES = ("onnxruntime", "onnxruntime-gpu")  # either of them, by extras; the others stand in the distribution's own list
EXTRAS = ("cpu", "gpu")


def machine() -> dict[str, object]:
    """System, processor, cores this process may use, memory in bytes where the system tells it, Python."""
    facts: dict[str, object] = {
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": usable_cores(),
        "python": platform.python_version(),
    }
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        facts["memory_bytes"] = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return facts


def versions() -> dict[str, str | None]:
    """Version of each package that the runtime asks for, None where it is missing."""
    return {name: _version(name) for name in sorted({*required(), *PACKAGES})}


def required() -> dict[str, Requirement]:
    """What the runtime asks for by the distribution's own list, by package; each of PACKAGES by its extra."""
    asked = [Requirement(entry) for entry in metadata.requires("motionwire") or []]
    applies = [one for one in asked if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *EXTRAS))]
    return {one.name: one for one in applies}


def problems(found: Mapping[str, str | None], asked: Mapping[str, Requirement]) -> list[str]:
    """A line for each package that is missing, and for each of another version than asked for."""
    lines = [f"package {name} is missing" for name, version in found.items() if version is None and name not in PACKAGES]
    if not any(found[name] for name in PACKAGES):
        lines.append("no onnxruntime: pip install 'motionwire[cpu]' or 'motionwire[gpu]'")
    for name, version in found.items():
        if version is not None and name in asked and not asked[name].specifier.contains(version, prereleases=True):
            lines.append(f"package {name} is {version}, but {asked[name].specifier} is asked for")
    return lines


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
