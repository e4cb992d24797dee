"""What some formats need beyond Motionwire's own dependencies, checked before any work is done."""

from importlib.util import find_spec

from motionwire.errors import InputError

_PACKAGES = {"usd": ("pxr", "usd-core")}


def require(extra: str | None, where: object) -> None:
    """Raises InputError, which says what to install, where an extra of the distribution is needed and not there."""
    if extra is None:
        return
    module, package = _PACKAGES[extra]
    if find_spec(module) is None:
        raise InputError(f"needs the package {package}: pip install 'motionwire[{extra}]'", where)
