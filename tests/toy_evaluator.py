"""An evaluator of the toy data set; made once per test process."""

import tempfile
from functools import cache
from pathlib import Path

from motionwire_training.configuration import load_config
from motionwire_training.evaluation.evaluator import train
from motionwire_training.evaluation.evaluator.configuration import EvaluatorConfig
from toy_models import toy_runs

SMALL = ("steps=120", "batch_size=8", "width=32", "judge_width=32", "embedding=16", "validate_every=60", "bf16=false", "threads=1")


def evaluator_config(out: Path, *words: str) -> EvaluatorConfig:
    data, _, _ = toy_runs()
    given = [f"data={data}", f"out={out}", "licence=free", f"text_encoder={data.parent / 'encoder'}", "learning_rate=3e-3", "ema=0.5"]
    return load_config("evaluator", EvaluatorConfig, [*given, *SMALL, *words])


@cache
def toy_evaluator() -> Path:
    """Run folder of an evaluator that knows left and right turns."""
    folder = Path(tempfile.mkdtemp(prefix="toy_evaluator")) / "run"
    train.main(evaluator_config(folder))
    return folder
