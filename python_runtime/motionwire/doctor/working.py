"""What works here of what needs the packages: bundles, ONNX providers, the port, folders."""

from itertools import chain

from motionwire.bundle import Bundle, available, default
from motionwire.doctor import models, places, providers
from motionwire.errors import InputError


def examine(bundle: str | None, port: int) -> dict[str, object]:
    """Findings of all parts; problems: a line for each thing that does not work and should. bundle: this one only."""
    bundles = {name: models.examine(name) for name in ([bundle] if bundle else available())}
    usable = [name for name, facts in bundles.items() if facts["works"]]
    tried = _providers(usable)
    ports = {str(port): places.port(port)}
    caches = places.caches()
    lines = [f"bundle {name}: {facts['error']}" for name, facts in bundles.items() if not facts["works"]]
    if not bundles:
        lines.append("no bundle is embedded in this installation")
    if tried and not tried.get(providers.CPU, {}).get("works"):
        lines.append(f"{providers.CPU} does not work")
    lines += [f"port {number}: {facts['error']}" for number, facts in ports.items() if not facts["free"] and not facts["by"]]
    lines += [f"no folder for {name} can be written" for name, facts in caches.items() if not facts["writable"]]
    return {
        "providers": tried,
        "default_bundle": _default(),
        "bundles": bundles,
        "ports": ports,
        "caches": caches,
        "problems": lines,
    }


def _providers(usable: list[str]) -> dict[str, dict[str, object]]:
    """Providers tried on the first bundle that has a controller: of those that were looked at, else of the embedded ones."""
    for name in chain(usable, (name for name in available() if models.examine(name)["works"])):
        bundle = Bundle.load(name)
        if providers.GRAPH in bundle.manifest.graphs:
            return providers.try_all(bundle)
    return {}


def _default() -> str | None:
    try:
        return default()
    except InputError:
        return None
