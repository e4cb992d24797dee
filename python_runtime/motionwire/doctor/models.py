"""What bundles need, and whether they get it: files as their hashes say, graphs that open here, and all that `serve` builds of them."""

from collections.abc import Callable

from motionwire.bundle import Bundle
from motionwire.controller.controller import Controller
from motionwire.errors import InputError
from motionwire.generator.generator import Generator


def examine(name: str) -> dict[str, object]:
    """Facts about one bundle; works: whether it can be served, which asks that its characters walk, and act where it has anything of
    text-to-motion."""
    try:
        bundle = Bundle.load(name)
        needs = [(bundle, graph) for graph in bundle.manifest.graphs]
        if bundle.manifest.text_encoder is not None:
            encoder = bundle.text_encoder()
            needs += [(encoder, graph) for graph in encoder.manifest.graphs]
        for holder, graph in needs:
            holder.session(graph)
    except InputError as error:
        return {"works": False, "error": str(error)}
    graphs = {graph: holder.graph(graph) for holder, graph in needs}
    speaks = any(graph.startswith("text_to_motion") for graph in graphs)
    walks_not = _refusal(lambda: Controller(bundle))
    acts_not = _refusal(lambda: Generator(bundle)) if speaks else ""
    refusals = [f"{what}: {why}" for what, why in (("cannot walk", walks_not), ("cannot act", acts_not)) if why]
    return {
        "works": not refusals,
        **({"error": "; ".join(refusals)} if refusals else {}),
        "folder": str(bundle.folder),
        "licence": bundle.licence_line,
        "graphs": sorted(graphs),
        "opset": max((entry.opset for entry in graphs.values()), default=None),
        "graph_bytes": sum(entry.bytes for entry in graphs.values()),
        "text_encoder": None if bundle.manifest.text_encoder is None else bundle.manifest.text_encoder.bundle,
        "walks": not walks_not,
        "acts": speaks and not acts_not,
    }


def _refusal(build: Callable[[], object]) -> str:
    """Why it cannot be built, "" where it can."""
    try:
        build()
    except InputError as error:
        return str(error)
    return ""
