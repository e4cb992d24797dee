"""What is installed: the machine, Python, and the packages that Motionwire asks for."""

import os
import platform
import re
from importlib import metadata

from motionwire.cores import usable_cores

PACKAGES = ("onnxruntime", "onnxruntime-gpu")  # either of them, by extras; the others stand in the distribution's own list
REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+")


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
    required = [entry for entry in metadata.requires("motionwire") or [] if "extra ==" not in entry]
    names = [match.group() for entry in required if (match := REQUIREMENT.match(entry))]
    return {name: _version(name) for name in sorted({*names, *PACKAGES})}


def problems(found: dict[str, str | None]) -> list[str]:
    """A line for each package that is missing."""
    lines = [f"package {name} is missing" for name, version in found.items() if version is None and name not in PACKAGES]
    if not any(found[name] for name in PACKAGES):
        lines.append("no onnxruntime: pip install 'motionwire[cpu]' or 'motionwire[gpu]'")
    return lines


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
