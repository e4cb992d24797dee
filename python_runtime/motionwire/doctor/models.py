"""What bundles need, and whether they get it: files as their hashes say, graphs that this onnxruntime opens."""

from motionwire.bundle import Bundle
from motionwire.errors import InputError


def examine(name: str) -> dict[str, object]:
    """Facts about one bundle; works: whether all of it can be used."""
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
    return {
        "works": True,
        "folder": str(bundle.folder),
        "licence": bundle.licence_line,
        "graphs": sorted(graphs),
        "opset": max((entry.opset for entry in graphs.values()), default=None),
        "graph_bytes": sum(entry.bytes for entry in graphs.values()),
        "text_encoder": None if bundle.manifest.text_encoder is None else bundle.manifest.text_encoder.bundle,
        "acts": "text_to_motion_step" in graphs,
    }
