"""A bundle is asked for what it says that it learned, and for no style that it never had."""

from types import SimpleNamespace
from typing import Any

from motionwire_training.evaluation.text_to_motion.learned import Learned, learned_labels
from motionwire_training.evaluation.text_to_motion.prompts import Prompt
from motionwire_training.evaluation.text_to_motion.trial import Trial


def bundle(recipe: dict[str, Any]) -> Any:
    return SimpleNamespace(manifest=SimpleNamespace(recipe=recipe))


def asked(learned: Learned | None, *prompts: Prompt) -> list[bool]:
    """Of a bundle without training clips, by a judge that knows walks, bows and the angry."""
    judge: Any = SimpleNamespace(contents=["walk", "bow"], styles=["angry", "elderly"])
    nobody: Any = SimpleNamespace(labels=[])
    trial = Trial(SimpleNamespace(), judge, [], nobody, 1.0, lambda *_: None, learned)  # type: ignore[arg-type]
    return [trial.taught(prompt) for prompt in prompts]


def test_only_what_was_learned_is_asked_for_where_the_bundle_says_it() -> None:
    prompts = [Prompt("", ("walk",)), Prompt("", ("bow", "walk")), Prompt("", ("bow",)), Prompt("", ("walk",), "angry")]
    learned = learned_labels(bundle({"text-to-motion": {"contents": ["walk", "swordplay"], "styles": []}}))
    assert asked(learned, *prompts, Prompt("", ("swordplay",))) == [True, True, False, False, False]
    assert asked(learned_labels(bundle({})), *prompts) == [True] * 4


def test_styles_that_mean_the_same_are_one() -> None:
    learned = learned_labels(bundle({"text-to-motion": {"contents": ["walk"], "styles": ["old"]}}))
    assert asked(learned, Prompt("", ("walk",), "elderly"), Prompt("", ("walk",), "angry")) == [True, False]
