"""FSQ against codebooks that are learned: the same network, data and budget with each quantiser, one after the other.

    motionwire-train compare-quantizers data=datasets/shared licence=research out=runs/quantizers steps=600 validate_every=600

Each is a run of its own in OUT/NAME, so the comparison goes on where it was stopped; OUT/table.md and OUT/table.json hold what came out.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from motionwire.formats.atomic import write_atomically
from motionwire_training.configuration import load_config
from motionwire_training.folders import make_folder
from motionwire_training.run import write_json
from motionwire_training.tokenizer.configuration import NEEDS, TokenizerConfig
from motionwire_training.tokenizer.model import Tokenizer
from motionwire_training.tokenizer.train import main as train


class Contender(NamedTuple):
    """A quantiser and its size."""

    quantizer: str
    codebook_size: int
    groups: int

    @property
    def name(self) -> str:
        return f"{self.quantizer}-{self.groups}x{self.codebook_size}"


SIZES = (512, 1024, 4096, 16384)
SINGLE = ("fsq", "vq", "vq_reset", "lfq")
CONTENDERS = (
    *(Contender(kind, size, 1) for size in SIZES for kind in SINGLE),
    Contender("fsq", 256, 2),
    Contender("rvq", 256, 2),
)
FIGURES = ("mpjpe_mm", "rotation_deg", "jitter_ratio", "usage", "perplexity")
HEAD = ("quantiser", "codes", "bits", "MPJPE mm", "rotation deg", "jitter", "usage", "perplexity", "parameters added", "training needs")


def main(words: Sequence[str]) -> list[dict[str, float | str]]:
    """Train every contender with the tokenizer's recipe and `words`; returns the table's rows. Raises InputError for a bad word."""
    common = load_config("tokenizer", TokenizerConfig, words)
    out = Path(common.out)
    make_folder(out)
    rows = []
    for number, contender in enumerate(CONTENDERS, 1):
        Console(stderr=True, highlight=False).print(f"{number} of {len(CONTENDERS)}: {contender.name}")
        own = [f"out={out / contender.name}", *(f"{key}={value}" for key, value in contender._asdict().items())]
        config = load_config("tokenizer", TokenizerConfig, [*words, *own])
        figures = train(config)
        rows.append(row(config, figures))
        write_json(out / "table.json", rows)
        write_atomically(out / "table.md", table(rows).encode())
    return rows


def row(config: TokenizerConfig, figures: dict[str, float]) -> dict[str, float | str]:
    """What is compared of one run. parameters: numbers that the quantiser learns."""
    quantizer = Tokenizer(config).quantizer
    learned = quantizer.vectors.numel() if "moving averages" in NEEDS[config.quantizer] else 0
    return {
        "quantizer": config.quantizer, "groups": config.groups, "codes": config.codes, "bits": config.bits,
        **{name: float(figures[name]) for name in FIGURES}, "parameters": learned, "needs": NEEDS[config.quantizer],
    }  # fmt: skip


def table(rows: Sequence[dict[str, float | str]]) -> str:
    """The rows in Markdown."""
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    for one in rows:
        codes = f"{one['groups']} x {one['codes']:,}" if one["groups"] != 1 else f"{one['codes']:,}"
        figures = (f"{one['mpjpe_mm']:.1f}", f"{one['rotation_deg']:.2f}", f"{one['jitter_ratio']:.2f}")
        use = (f"{one['usage']:.0%}", f"{one['perplexity']:.0%}", f"{one['parameters']:,}", one["needs"])
        cells = (one["quantizer"], codes, f"{one['bits']:.1f}", *figures, *use)
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines) + "\n"
