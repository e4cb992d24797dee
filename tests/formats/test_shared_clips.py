"""One real file of every source rig is read; its numbers are those of the file."""

import numpy as np
import pytest

from motionwire import formats

RIGS = {
    # kind: joints, fps in the header, height of the hips over the ankles in file units
    "bandai": (22, 30.0, (70, 100)),
    "cmu_bvh": (31, 120.0, (13, 18)),
    "cmu_amc": (31, 120.0, (13, 18)),
    "dance": (43, 120.0, (60, 110)),
    "idle": (19, 24.0, (0.5, 1.0)),  # its root positions are relative to a standing height, not to the floor
}


@pytest.mark.shared_data
@pytest.mark.parametrize("kind", RIGS)
def test_reads(kind: str, sample_clip) -> None:
    joints, fps, (low, high) = RIGS[kind]
    clip = formats.read(sample_clip(kind))
    assert (len(clip.skeleton), clip.fps) == (joints, fps)
    heights = np.median(clip.world()[0][..., 1], axis=0)
    names = [name.lower() for name in clip.skeleton.names]
    hips = next(index for index, name in enumerate(names) if name in ("hips", "hip", "root", "pelvis"))
    ankles = [index for index, name in enumerate(names) if "foot" in name or name in ("ltoes", "rtoes")]
    assert low < heights[hips] - heights[ankles].min() < high
