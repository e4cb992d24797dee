"""Features of every clip of a data set, computed once and then streamed: DATA/features30/{train,val}-*.tar with KEY.npy + KEY.json.

Clips are resampled to true 30 fps and fitted to the reference skeleton first. The folder is made on first use, next to the
shards that it comes from, and again when they change; reading is a stream, so memory does not grow with the data.
"""

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from heapq import nsmallest
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from motionwire.motion import features
from motionwire.motion import rotations as rot
from motionwire.motion.mirror import FLIP_POSITION, MIRROR_JOINTS
from motionwire.motion.resample import resample
from motionwire.motion.retarget import fit_to
from motionwire.motion.skeleton import JOINTS, REFERENCE
from motionwire_training.data.items import key_hash
from motionwire_training.data.sample import Sample
from motionwire_training.data.shards import read_dataset, read_shard, shard_paths
from motionwire_training.folders import built
from motionwire_training.processes import processes

FOLDER = "features30"
VERSION = 1
WORTH_PROCESSES = 4  # shards
HELD_OUT_CLIPS = 512  # that a validation goes over, one after the other, in all processes: some seconds


@dataclass(frozen=True, eq=False)
class FeatureClip:
    """features: float32 [T, 276] at 30 fps on the reference skeleton; labels: as in the shards."""

    features: NDArray[np.float32]
    labels: dict[str, Any]

    @property
    def kind(self) -> str:
        """What it is a kind of, for balanced drawing: its content and style, or else its description, in its source."""
        what = self.labels.get("content") or self.labels.get("description", "")
        return f"{self.labels.get('source', '')}: {what} {self.labels.get('style', '')}"


def read_features(data: Path, split: str, licence: str) -> Iterator[FeatureClip]:
    """The split's clips in a fixed order; licence "free" leaves out what is not freely usable. The features are there when this returns, so
    that a progress bar around the clips has none within."""
    shards = sorted(prepared(data).glob(f"{split}-*.tar"))
    return (FeatureClip(load(), labels) for labels, load in _labelled(shards, licence))


def read_labels(data: Path, split: str, licence: str) -> Iterator[dict[str, Any]]:
    """The labels of `read_features`, in its order, of clips whose features are not loaded."""
    return (labels for labels, _ in _labelled(sorted(prepared(data).glob(f"{split}-*.tar")), licence))


def held_out(data: Path, licence: str) -> Iterator[FeatureClip]:
    """The clips of `held_out_keys`, in a fixed order."""
    keys, shards = held_out_keys(data, licence), sorted(prepared(data).glob("val-*.tar"))
    return (FeatureClip(load(), labels) for labels, load in _labelled(shards, licence) if labels["key"] in keys)


def held_out_keys(data: Path, licence: str) -> set[str]:
    """Keys of the clips of val that each validation of a training goes over: all, or HELD_OUT_CLIPS of them, which follow from the keys
    alone."""
    keys = (labels["key"] for labels in read_labels(data, "val", licence))
    return set(nsmallest(HELD_OUT_CLIPS, keys, key=key_hash))


def _labelled(shards: list[Path], licence: str) -> Iterator[tuple[dict[str, Any], Callable[[], NDArray[np.float32]]]]:
    """Labels of each clip that the licence allows, and what loads its features, to be called before the next clip is asked for."""
    for path in shards:
        with tarfile.open(path, "r:") as shard:
            labels: dict[str, Any] = {}
            for member in shard:
                if member.name.endswith(".json"):
                    labels = json.loads(_content(shard, member))
                elif licence == "research" or labels["licence_class"] == "free":
                    yield labels, partial(_array, shard, member)


def _array(shard: tarfile.TarFile, member: tarfile.TarInfo) -> NDArray[np.float32]:
    return np.load(io.BytesIO(_content(shard, member)), allow_pickle=False)


def _content(shard: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = shard.extractfile(member)
    assert file is not None  # only regular files are written below
    return file.read()


def prepared(data: Path) -> Path:
    """The features' folder of a data set, made on all cores when it is absent or older than the shards. Of several processes one has to
    go first."""
    folder = Path(data) / FOLDER
    stamp = {"data_version": str(read_dataset(data)["version"]), "version": VERSION}
    marker = folder / "complete.json"
    if marker.exists() and json.loads(marker.read_text()) == stamp:
        return folder
    shards = [path for split in ("train", "val") for path in shard_paths(data, split)]
    with built(folder) as building:
        with processes("features", data, WORTH_PROCESSES) as mapped:
            for _ in track(mapped(partial(_write_shard, folder=building), shards), "features", total=len(shards)):
                pass
        (building / "complete.json").write_text(json.dumps(stamp))
    return folder


def _write_shard(source: Path, folder: Path) -> None:
    """The features of a shard's clips in a shard of the same name in `folder`."""
    with tarfile.open(folder / source.name, "w") as tar:
        for sample in read_shard(source):
            clip = features_of(sample)
            buffer = io.BytesIO()
            np.save(buffer, clip.features)
            for suffix, content in (("json", json.dumps(clip.labels).encode()), ("npy", buffer.getvalue())):
                member = tarfile.TarInfo(f"{sample.labels['key']}.{suffix}")
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))


def features_of(sample: Sample) -> FeatureClip:
    """Features of a data set's clip."""
    clip = fit_to(resample(sample.clip, features.FPS), REFERENCE)
    return FeatureClip(features.encode(clip), {**sample.labels, "frames": len(clip), "fps": features.FPS})


def _mirror_map() -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Where each mirrored channel comes from, and its sign. A matrix M becomes S M S with S = diag(-1, 1, 1)."""
    channels, signs = np.arange(features.DIM), np.ones(features.DIM, dtype=np.float32)
    six_signs = np.array([1, -1, -1, -1, 1, 1], dtype=np.float32)
    signs[features.ROOT_VELOCITY] = (-1, 1)
    signs[features.HEADING] = six_signs
    for part, width, part_signs in (
        (features.POSITIONS, 3, FLIP_POSITION),
        (features.VELOCITIES, 3, FLIP_POSITION),
        (features.ROTATIONS, 6, six_signs),
    ):
        channels[part] = channels[part].reshape(JOINTS, width)[MIRROR_JOINTS].reshape(-1)
        signs[part] = np.tile(part_signs, JOINTS)
    channels[features.CONTACTS] = channels[features.CONTACTS][[2, 3, 0, 1]]
    return channels, signs


MIRROR_CHANNELS, MIRROR_SIGNS = _mirror_map()


def mirror_features(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Features [..., 276] of the motion mirrored left to right, on a symmetric skeleton."""
    return values[..., MIRROR_CHANNELS] * MIRROR_SIGNS


def moments(count: int, total: NDArray[np.float64], square: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and spread [276] of `count` frames' features from their sums and sums of squares [276]; nearly constant channels get a part of
    their group's spread."""
    mean = total / count
    std = np.sqrt(np.maximum(square / count - mean**2, 0))
    for part in (features.ROOT_VELOCITY, features.HEADING, features.POSITIONS, features.VELOCITIES, features.ROTATIONS, features.CONTACTS):
        std[part] = np.maximum(std[part], 0.25 * np.sqrt((std[part] ** 2).mean()) + 1e-6)
    return mean, std


def retime_features(values: NDArray[np.float32], tempo: float) -> NDArray[np.float32]:
    """Features [T, 276] of the motion at `tempo` times its speed, [(T - 1) / tempo + 1, 276]: poses between two frames are blended."""
    at = np.arange(0, len(values) - 1 + 1e-6, tempo)
    before = at.astype(np.intp)
    after, share = np.minimum(before + 1, len(values) - 1), (at - before)[:, None].astype(np.float32)
    out = values[before] * (1 - share) + values[after] * share
    out[:, features.ROOT_VELOCITY] *= tempo
    out[1:, features.VELOCITIES] = np.diff(out[:, features.POSITIONS], axis=0)
    six = out[:, features.HEADING]
    out[:, features.HEADING] = rot.to_6d(rot.from_yaw(tempo * -np.arctan2(-six[:, 2], six[:, 0])))
    matrices = rot.matrix_from_6d(out[:, features.ROTATIONS].reshape(-1, JOINTS, 6))
    out[:, features.ROTATIONS] = matrices[..., :2, :].reshape(len(out), -1)
    return out
