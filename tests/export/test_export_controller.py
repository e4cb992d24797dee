"""The exported controller: opset, names, metadata, the same numbers as PyTorch, and a frame loop that runs on it."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from safetensors.torch import save_file

from motionwire.controller import layout
from motionwire.controller.controller import Controller
from motionwire.controller.intent import Intent
from motionwire.controller.network import INPUTS, METADATA, OUTPUTS
from motionwire.errors import InputError
from motionwire_export.export_controller import export
from motionwire_export.fastest import FASTEST, SURE
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.model import build
from motionwire_training.controller.train import Pupil

STYLES = ["neutral", "proud"]


@pytest.fixture(params=["film", "pfnn"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A run folder with an untrained network."""
    torch.manual_seed(0)
    folder = tmp_path / "run"
    folder.mkdir()
    config = ControllerConfig(data="d", out="o", licence="free", architecture=request.param, hidden=16)
    pupil = Pupil(build(config, len(STYLES)), config)
    model = pupil.network
    model.pose_std.uniform_(0.05, 0.2)
    (folder / "config.json").write_text(json.dumps({"kind": "controller", "config": asdict(config), "data_version": "test"}))
    pose = torch.zeros(layout.POSE)
    pose[1] = 0.9
    pose[layout.ROTATIONS] = torch.tensor([1.0, 0, 0, 0, 1, 0]).repeat(22)
    model.pose_mean.copy_(pose)
    save_file(pupil.state_dict(), folder / "best.safetensors", metadata={"state": "{}"})
    (folder / "model.json").write_text(json.dumps({"styles": STYLES, "start_pose": pose.tolist()}))
    sample = {"pose": pose.repeat(5, 1), "trajectory": torch.randn(5, 60), "gait": torch.rand(5, 3), "style": torch.eye(2)[[0, 1, 0, 1, 0]]}
    save_file({**sample, "phase": torch.rand(5, 1) * 6}, folder / "sample.safetensors")
    return folder


class Folder:
    """Stands for a bundle: opens a folder's graph."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def session(self, graph: str, threads: int = 1) -> ort.InferenceSession:
        return ort.InferenceSession(str(self.folder / f"{graph}.onnx"), providers=["CPUExecutionProvider"])


def test_graph_keeps_the_contract(run: Path, tmp_path: Path) -> None:
    ((entry,), _) = export(run, tmp_path)
    assert entry.opset <= 15
    assert [tensor.name for tensor in entry.inputs] == list(INPUTS)
    assert [tensor.name for tensor in entry.outputs] == list(OUTPUTS)
    assert entry.inputs[0].shape == ["characters", layout.POSE]
    graph = onnx.load(tmp_path / entry.file)
    assert json.loads(next(p.value for p in graph.metadata_props if p.key == METADATA))["styles"] == STYLES
    assert SURE <= Controller(Folder(tmp_path)).network.fastest <= FASTEST
    assert entry.bytes == (tmp_path / entry.file).stat().st_size


@pytest.mark.parametrize("characters", [1, 7])
def test_controller_runs_on_the_exported_graph(run: Path, tmp_path: Path, characters: int) -> None:
    export(run, tmp_path)
    controller = Controller(Folder(tmp_path))
    assert controller.styles == tuple(STYLES)
    state = controller.create(np.zeros((characters, 3)), np.zeros(characters))
    intent = Intent(np.ones((characters, 2), np.float32), np.full(characters, np.nan, np.float32), np.ones(characters, int))
    for _ in range(30):
        poses = controller.step(state, intent)
    assert np.isfinite(poses.root_positions).all()
    np.testing.assert_allclose(np.linalg.norm(poses.rotations, axis=-1), 1, atol=1e-5)


def test_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a run folder"):
        export(tmp_path, tmp_path)
