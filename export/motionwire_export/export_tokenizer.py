"""The tokenizer's graphs: encoder, whole-clip decoder, and the decoder's streaming step with its caches."""

from pathlib import Path

import torch
from torch import Tensor, nn

from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire.manifest import GraphEntry
from motionwire.motion import features
from motionwire_export.graph import ROUNDING, Exported, Inputs, write_graph
from motionwire_export.samples import real_features
from motionwire_export.tokenizer_graph import simplify
from motionwire_export.weights import SharedWeights, round_weights
from motionwire_training.features import held_out
from motionwire_training.run import read_config
from motionwire_training.tokenizer.load import load_tokenizer
from motionwire_training.tokenizer.metrics import reconstruction_figures
from motionwire_training.tokenizer.model import Tokenizer

FEATURE_UNIT = "272 MotionMillion features and 4 contacts at 30 fps: m, m/frame, 6D, 0..1"
MEASURED = ("mpjpe_mm", "rotation_deg", "jitter_ratio", "drift_cm")
BATCH = {0: "batch"}


class _Encode(nn.Module):
    def __init__(self, model: Tokenizer) -> None:
        super().__init__()
        self.model = model

    def forward(self, values: Tensor) -> Tensor:
        return self.model.encode(values)


class _Decode(nn.Module):
    def __init__(self, model: Tokenizer) -> None:
        super().__init__()
        self.model = model

    def forward(self, codes: Tensor) -> Tensor:
        return self.model.decode(codes)


class _DecodeStep(nn.Module):
    def __init__(self, model: Tokenizer) -> None:
        super().__init__()
        self.model = model

    def forward(self, codes: Tensor, *caches: Tensor) -> tuple[Tensor, ...]:
        values, new = self.model.decode_step(codes, list(caches))
        return values, *new


def export(run_dir: Path, out_dir: Path) -> Exported:
    """tokenizer_encoder, tokenizer_decoder and tokenizer_decoder_step in `out_dir`, verified against the run's rounded weights."""
    trained = load_tokenizer(run_dir)
    if trained.config.stride != layout.STRIDE or trained.config.attention == "full":
        raise InputError(f"cannot stream: the runtime takes a stride of {layout.STRIDE} and a decoder that sees the past only", run_dir)
    model = trained.model
    round_weights(model)
    weights = SharedWeights(out_dir / "tokenizer.weights")
    config = read_config(run_dir)["config"]
    real = real_features(config)
    random = torch.randn(2, 24, features.DIM, generator=torch.Generator().manual_seed(0)) * model.std + model.mean
    random_codes = torch.randint(0, model.codes, (2, 7, model.groups), generator=torch.Generator().manual_seed(1))
    real_codes = model.encode(real)
    simplify(model.decoder)
    graphs = [
        write_graph(
            _Encode(model), out_dir / "tokenizer_encoder.onnx", [{"features": random}, {"features": real}], ["codes"],
            axes={"features": {0: "batch", 1: "frames"}, "codes": {0: "batch", 1: "positions"}},
            units={"features": FEATURE_UNIT, "codes": "FSQ code of each group"}, tolerance=0, weights=weights,
        ),
        write_graph(
            _Decode(model), out_dir / "tokenizer_decoder.onnx", [{"codes": random_codes}, {"codes": real_codes}], ["features"],
            axes={"codes": {0: "batch", 1: "positions"}, "features": {0: "batch", 1: "frames"}}, units={"features": FEATURE_UNIT},
            tolerance=ROUNDING, weights=weights,
        ),
        _export_step(model, out_dir, [random_codes, real_codes], weights),
    ]  # fmt: skip
    figures = reconstruction_figures(model, held_out(Path(config["data"]), config["licence"]))
    return Exported(graphs, {name: figures[name] for name in MEASURED})


def _export_step(model: Tokenizer, out_dir: Path, all_codes: list[Tensor], weights: SharedWeights) -> GraphEntry:
    module = _DecodeStep(model)
    samples: list[Inputs] = []
    for codes in all_codes:
        caches = model.decoder.caches(len(codes))
        _, caches = model.decode_step(codes[:, :-1], caches)
        samples.append({"codes": codes[:, -1:], **{f"cache_{index}": cache for index, cache in enumerate(caches)}})
    names = [name for name in samples[0] if name != "codes"]
    return write_graph(
        module, out_dir / "tokenizer_decoder_step.onnx", samples, ["features", *(f"next_{name}" for name in names)],
        axes={name: BATCH for name in ("codes", "features", *names, *(f"next_{name}" for name in names))},
        units={"features": f"{layout.STRIDE} frames of features"}, tolerance=ROUNDING, weights=weights,
    )  # fmt: skip
