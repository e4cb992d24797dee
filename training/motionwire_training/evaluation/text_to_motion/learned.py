"""What a bundle says that its text-to-motion learned: contents and styles by name, in its recipe."""

from dataclasses import dataclass

from motionwire.bundle import Bundle
from motionwire_training.data.labels import style_label


@dataclass(frozen=True)
class Learned:
    """Names as the judge has them."""

    contents: frozenset[str]
    styles: frozenset[str]


def learned_labels(bundle: Bundle) -> Learned | None:
    """None where the bundle is of a time that told none."""
    told = bundle.manifest.recipe.get("text-to-motion", {})
    if not {"contents", "styles"} <= told.keys():
        return None
    return Learned(frozenset(told["contents"]), frozenset(map(style_label, told["styles"])))
