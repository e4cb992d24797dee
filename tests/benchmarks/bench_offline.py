"""Clips by the thousand: `motionwire generate`'s own line from sentences to files, beside the architectures of T2M-GPT and MoMask.

python tests/benchmarks/bench_offline.py --bundle research            # 1,000 clips of 4 s on 2 processes; writes its table into the docs
python tests/benchmarks/bench_offline.py --clips 32 --no-docs         # a short look

Ours is timed from sentences to finished BVH files with their JSON, processes started and bundle opened included, text encoder too. The
peers (peers.py, random weights) are timed on the network alone, without text encoder and files, on as many threads, at batch 1 as
their authors' scripts run and at batch 32; the best of three. What writing costs is taken in one process, by turns with generating.
"""

import argparse
import json
import os
import platform
import tempfile
import time
from pathlib import Path

import peers
import torch

from motionwire.bundle import Bundle
from motionwire.cores import usable_cores
from motionwire.generator.generate import generate_all
from motionwire.generator.generator import Generator
from motionwire.offline import run
from motionwire.offline.asked import variants
from motionwire.offline.maker import LANES, Maker
from motionwire.offline.order import Order

DOCS = Path(__file__).parents[2] / "docs" / "generate.md"
BEGIN, END = "<!-- bench_offline: begin -->", "<!-- bench_offline: end -->"
SENTENCES = ("a person walks forward", "someone waves with the right hand", "a man runs and turns left", "she dances", "he kicks")
PARTS = 32  # clips that generating and writing are told apart with


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--workers", type=int, default=usable_cores())
    parser.add_argument("--bundle", default="research")
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    parser.add_argument("--no-docs", action="store_true", help="leave docs/generate.md as it is")
    options = parser.parse_args()
    figures = {
        "machine": f"{options.workers} processes or threads, {platform.processor() or platform.machine()}",
        "load_before": round(os.getloadavg()[0], 1),
        "bundle": options.bundle,
        "clips": options.clips,
        "seconds": options.seconds,
        **_ours(options.bundle, options.clips, options.seconds, options.workers),
        **_parts(options.bundle, options.seconds),
        "peers": {
            f"{name}, batch {batch}": _peer(kind, batch, options.seconds, options.workers)
            for name, kind in (("T2M-GPT", peers.T2MGPT), ("MoMask", peers.MoMask))
            for batch in (1, 32)
        },
    }
    print(json.dumps(figures) if options.json else _table(figures))
    if not options.no_docs:
        text = DOCS.read_text(encoding="utf-8")
        before, after = text.partition(BEGIN)[0], text.partition(END)[2]
        DOCS.write_text(f"{before}{BEGIN}\n{_table(figures)}{END}{after}", encoding="utf-8")


def _order(bundle: str, folder: str) -> Order:
    return Order(bundle=str(Bundle.load(bundle).folder), folder=folder, extension=".bvh")


def _items(clips: int, seconds: float) -> list:
    each = -(-clips // len(SENTENCES))
    return [item for sentence in SENTENCES for item in variants("bench", [(sentence, seconds)], 0, each)][:clips]


def _ours(bundle: str, clips: int, seconds: float, workers: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        outcomes = list(run.make(_order(bundle, folder), _items(clips, seconds), workers))
        took = time.perf_counter() - begun
    assert not any(outcome.error for outcome in outcomes), outcomes
    return {"took_s": round(took, 2), "clips_per_s": round(clips / took, 2), "motion_s_per_s": round(clips * seconds / took, 1)}


def _parts(bundle: str, seconds: float) -> dict[str, float]:
    """ms a clip in one process: making its motion; finishing and writing BVH and JSON. And one clip alone from sentence to BVH."""
    with tempfile.TemporaryDirectory() as folder:
        order, items = _order(bundle, folder), _items(PARTS, seconds)
        maker = Maker(order)
        alone = []
        for item in items[:5]:
            begun = time.perf_counter()
            list(maker.make([item], 1))
            alone.append(time.perf_counter() - begun)
        tasks = [(item, order.task(item, (None, None))) for item in items]
        begun = time.perf_counter()
        made = list(generate_all(Generator(Bundle.load(bundle)), tasks, LANES))
        generated = time.perf_counter()
        for item, clip in made:
            maker._write(item, clip)  # type: ignore[arg-type]
        written = time.perf_counter()
    return {
        "generate_ms_per_clip": round(1000 * (generated - begun) / PARTS, 2),
        "write_ms_per_clip": round(1000 * (written - generated) / PARTS, 2),
        "one_clip_to_bvh_ms": round(1000 * sorted(alone)[len(alone) // 2], 1),
    }


@torch.inference_mode()
def _peer(kind: type[torch.nn.Module], batch: int, seconds: float, threads: int) -> float:
    """Seconds of motion that a peer makes in a second."""
    torch.manual_seed(0)
    torch.set_num_threads(threads)
    model, tokens = kind().eval(), round(seconds * peers.FPS / peers.STRIDE)
    text = torch.randn(batch, peers.TEXT)
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        assert model(text, tokens).shape == (batch, peers.FRAME, tokens * peers.STRIDE)
        times.append(time.perf_counter() - begun)
    return round(batch * seconds / min(times), 1)


def _table(figures: dict) -> str:
    ours = figures["motion_s_per_s"]
    rows = [
        f"Measured with the `{figures['bundle']}` bundle, {figures['machine']}, load {figures['load_before']} before it began.\n",
        "| what | seconds of motion a second | clips a second |",
        "|---|---|---|",
        f"| Motionwire, {figures['clips']} clips of {figures['seconds']:g} s, from sentence to BVH and JSON | {ours} "
        f"| {figures['clips_per_s']} |",
    ]
    for name, value in figures["peers"].items():
        what = f"{name}: network alone, random weights (ours is {ours / value:.2g} times that)"
        rows.append(f"| {what} | {value} | {value / figures['seconds']:.2f} |")
    rows.append(
        f"\nA clip in one process: {figures['generate_ms_per_clip']} ms to generate (batch of {LANES}), "
        f"{figures['write_ms_per_clip']} ms to read out, draw and write; one alone from sentence to BVH "
        f"{figures['one_clip_to_bvh_ms']} ms.\n"
    )
    return "\n".join(rows)


if __name__ == "__main__":
    main()
