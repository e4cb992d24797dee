"""Which ONNX providers work: each runs a bundle's controller, and the run's own profile says which provider computed it."""

import json
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort

from motionwire.bundle import Bundle

CPU = "CPUExecutionProvider"
GRAPH = "controller"
CHARACTERS = 16
RUNS = 20
TOLERANCE = 0.05  # largest difference from the CPU's values, in m, rad and shares: what half precision may cost
ERROR_LENGTH = 300


def try_all(bundle: Bundle) -> dict[str, dict[str, object]]:
    """Per provider that onnxruntime was built with: works, and ms per run for CHARACTERS characters, or why it does not."""
    rng = np.random.default_rng(0)
    shapes = {spec.name: [CHARACTERS if isinstance(axis, str) else axis for axis in spec.shape] for spec in bundle.graph(GRAPH).inputs}
    feed = {spec.name: rng.standard_normal(shapes[spec.name]).astype(spec.dtype) for spec in bundle.graph(GRAPH).inputs}
    path = bundle.folder / bundle.graph(GRAPH).file
    expected = ort.InferenceSession(str(path), providers=[CPU]).run(None, feed)
    return {name: _try(path, name, feed, expected) for name in ort.get_available_providers()}


def _try(path: Path, provider: str, feed: dict[str, np.ndarray], expected: list[np.ndarray]) -> dict[str, object]:
    try:
        with tempfile.TemporaryDirectory() as folder:
            options = ort.SessionOptions()
            options.log_severity_level = 4
            options.enable_profiling = True
            options.profile_file_prefix = str(Path(folder) / "profile")
            session = ort.InferenceSession(str(path), options, providers=[provider])
            found = session.run(None, feed)
            profile = json.loads(Path(session.end_profiling()).read_text(encoding="utf-8"))
        computed_by = [event["args"]["provider"] for event in profile if "provider" in event.get("args", {})]
        if provider not in computed_by:
            return {"works": False, "error": f"the graph ran, but {provider} computed none of its nodes"}
        worst = max(float(np.abs(a - b).max()) for a, b in zip(found, expected, strict=True))
        if not worst <= TOLERANCE:
            return {"works": False, "error": f"its values differ by {worst:.3g} from those of {CPU}"}
        begun = time.perf_counter()
        for _ in range(RUNS):
            session.run(None, feed)
        ms = (time.perf_counter() - begun) / RUNS * 1000
    except Exception as error:  # onnxruntime raises its own untyped exceptions
        return {"works": False, "error": " ".join(str(error).split())[:ERROR_LENGTH]}
    return {
        "works": True,
        "ms_per_run": round(ms, 3),
        "nodes": computed_by.count(provider),
        "nodes_elsewhere": len(computed_by) - computed_by.count(provider),
    }
