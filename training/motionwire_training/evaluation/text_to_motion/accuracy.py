"""Is it what was asked for? Content and style of generated clips, named by the judge, counted by content and by style."""

from collections.abc import Mapping, Sequence
from typing import Any

from motionwire_training.data.labels import style_label
from motionwire_training.evaluation.text_to_motion.prompts import Prompt


def accuracies(prompts: Sequence[Prompt], contents: Sequence[str], styles: Sequence[str]) -> dict[str, Any]:
    """contents, styles: what the judge calls the clip of each prompt. A prompt without a style does not count for styles.

    Shares of prompts that are right, also as the mean over contents (styles), so that none rules by its number; by_content and by_style
    give right, asked and what it was taken for instead.
    """
    what = [(" or ".join(prompt.contents), name, name in prompt.contents) for prompt, name in zip(prompts, contents, strict=True)]
    how = [
        (style_label(prompt.style), name, name == style_label(prompt.style))
        for prompt, name in zip(prompts, styles, strict=True)
        if style_label(prompt.style)
    ]
    found: dict[str, Any] = {"prompts": len(prompts)}
    for kind, rows in (("content", what), ("style", how)):
        table = _table(rows)
        shares = [entry["right"] / entry["asked"] for entry in table.values()]
        found |= {
            f"{kind}_accuracy": sum(right for *_, right in rows) / len(rows) if rows else float("nan"),
            f"{kind}_accuracy_mean_of_each": sum(shares) / len(shares) if shares else float("nan"),
            f"by_{kind}": table,
        }
    return found


def _table(rows: Sequence[tuple[str, str, bool]]) -> Mapping[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = {}
    for asked, name, right in sorted(rows):
        entry = table.setdefault(asked, {"right": 0, "asked": 0, "taken_for": {}})
        entry["asked"] += 1
        entry["right"] += right
        if not right:
            entry["taken_for"][name] = entry["taken_for"].get(name, 0) + 1
    return table
