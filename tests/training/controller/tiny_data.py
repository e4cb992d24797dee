"""A small data set of made walks and stands, as shards."""

import json
import tarfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np

from motionwire.motion.clip import Clip
from motionwire_training.data.sample import Sample, to_members
from synthetic import walking_clip


def standing_clip(seconds: float = 3.0, fps: float = 60.0) -> Clip:
    """A figure that stands still, legs nearly straight, arms hanging."""
    clip = walking_clip(seconds, fps=fps, speed=0.02, stride_hz=0.01, name="synthetic stand")
    frames = len(clip)
    root = np.tile(clip.root_positions[:1], (frames, 1))
    return Clip(clip.skeleton, fps, root, np.tile(clip.rotations[:1], (frames, 1, 1)), name="synthetic stand")


def still_clip(seconds: float) -> Clip:
    """A 60 fps figure with its feet side by side and bent knees that does not move."""
    clip, frames = walking_clip(1.0, fps=60.0, speed=0.3), round(60 * seconds)
    return replace(clip, root_positions=clip.root_positions[:1].repeat(frames, 0), rotations=clip.rotations[:1].repeat(frames, 0))


def write_dataset(folder: Path) -> Path:
    """dataset.json and shards with walks of two styles, a run and a stand, in both splits."""
    (folder / "shards").mkdir(parents=True)
    clips = [
        ("walk", "normal", walking_clip(4.0, fps=30.0, speed=1.2)),
        ("walk", "proud", walking_clip(4.0, fps=60.0, speed=1.0, turn=0.6)),
        ("run", "normal", walking_clip(3.0, fps=60.0, speed=2.6, stride_hz=1.4)),
        ("idle", "genuine", standing_clip()),
    ]
    for split in ("train", "val"):
        with tarfile.open(folder / "shards" / f"{split}-00000.tar", "w") as tar:
            for number, (content, style, clip) in enumerate(clips):
                labels = {"key": f"{split}{number}", "content": content, "style": style, "split": split, "licence_class": "free"}
                for suffix, payload in to_members(Sample(clip, labels)).items():
                    member = tarfile.TarInfo(f"{split}{number}.{suffix}")
                    member.size = len(payload)
                    tar.addfile(member, BytesIO(payload))
    (folder / "dataset.json").write_text(json.dumps({"format_version": 1, "version": "test"}))
    return folder
