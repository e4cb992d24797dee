"""Settings become words that compose the same settings again."""

from motionwire_training.configuration import load_config
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.tuning.words import differences, word


def loaded(*words: str) -> ControllerConfig:
    return load_config("controller", ControllerConfig, ["licence=free", *words])


def test_differences_compose_the_configuration_again() -> None:
    recipe = loaded("data=d", "out=o")
    assert differences(recipe, recipe) == []
    changed = loaded(
        "data=d", "out=o", "steps=7", "bf16=false", "sampling.walk=0.5", "core.rotation=0.25", "teacher_forcing.schedule=constant",
        "stages=[{share:1,horizon:3,free_weight:0.5}]", "time_scales=[1.0,0.9]", "learning_rate=3.123456789e-5",
    )  # fmt: skip
    words = differences(changed, recipe)
    assert loaded("data=d", "out=o", *words) == changed
    assert "sampling.walk=0.5" in words and "core.rotation=0.25" in words


def test_odd_folder_names_survive() -> None:
    for name in ("my data", 'a "b"', "a=b,c", "back\\slash", "end\\", 'q\\"', "{x}", "../runs/a-b_1.2", "naïve", "$HOME"):
        assert loaded(word("data", name), "out=o").data == name, name
