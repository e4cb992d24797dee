"""The licence of a bundle: the project's own for models of the sets that it is trained on, else what the sources' owners say."""

from collections.abc import Iterable, Sequence

from motionwire.errors import InputError
from motionwire.manifest import TrainingData
from motionwire_export.sources import SENTENCES

FREE_LICENCE, RESEARCH_LICENCE = "Apache-2.0", "CC BY-NC 4.0"
KNOWN = (  # licences of the sets that the project's bundles are trained on, as their manifest writes them
    "CC BY-NC 4.0 (Bandai Namco Research Inc.)",
    "CMU mocap: free for all uses (mocap.cs.cmu.edu, NSF EIA-0196217)",
    "MIT (ReActIdle, RSAIT)",
)


def licence_of(sources: Sequence[TrainingData], free: bool, own: str = "") -> str:
    """The licence of models that learned motion from these sources. own: what their owner says of those that are not the project's; raises
    InputError where there is none of them."""
    texts = [row.licence for row in sources if not row.source.endswith(SENTENCES)]
    if all(text in KNOWN for text in texts):
        if own:
            raise InputError("--licence is for data of one's own, and all of these sources have a licence that is known")
        return FREE_LICENCE if free else RESEARCH_LICENCE
    return _all(text if text in KNOWN else own or text or "unknown" for text in texts)


def joined_licence(made: str, kept: str, kept_free: bool) -> str:
    """The licence of a bundle that holds new models and kept ones: the stricter of the project's own, or both."""
    if {made, kept} <= {FREE_LICENCE, RESEARCH_LICENCE}:
        return made if kept_free else kept
    return _all(text for text, other in ((kept, made), (made, kept)) if text == other or text not in other)


def _all(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(texts))
