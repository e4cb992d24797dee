"""The same motion as BVH and as ASF/AMC: how far apart the canonical joints are, for every CMU trial that the shared data has as both.

    python tests/benchmarks/compare_cmu.py [FOLDER_OF_SHARED_DATA]

World positions, root included. One file of a trial may begin some frames before the other, so the offset that fits best is printed.
"""

import sys
import tarfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motionwire.formats import asf_amc, bvh
from motionwire.motion.retarget import to_canonical

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
OFFSETS = range(-12, 13)
LEAST = 30  # frames in common


def files(archive: Path) -> dict[str, bytes]:
    """Path -> content of the archive's BVH, ASF and AMC files."""
    found = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            path = member.name.removeprefix("./")
            if path.startswith(("bvh/", "amc/")) and (file := tar.extractfile(member)) is not None:
                found[path] = file.read()
    return found


def distance(a: NDArray[np.float32], b: NDArray[np.float32], offset: int) -> float:
    """Mean joint distance in m where frame t + offset of `a` is frame t of `b`; infinite where they hardly overlap."""
    a, b = a[max(0, offset) :], b[max(0, -offset) :]
    frames = min(len(a), len(b))
    return float(np.linalg.norm(a[:frames] - b[:frames], axis=-1).mean()) if frames >= LEAST else np.inf


def main() -> None:
    found = files((Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED) / "cmu.tar.xz")
    trials = sorted(name for path in found if path.endswith(".amc") and f"bvh/{(name := Path(path).stem)}.bvh" in found)
    worst = []
    for name in trials:
        amc, _ = to_canonical(asf_amc.parse(found[f"amc/{name.split('_')[0]}.asf"], found[f"amc/{name}.amc"], name)).world()
        bvh_, _ = to_canonical(bvh.parse(found[f"bvh/{name}.bvh"], name).slice(1)).world()  # its first frame is a T-pose
        offset = min(OFFSETS, key=lambda offset: distance(amc, bvh_, offset))
        worst.append(distance(amc, bvh_, offset) * 100)
        print(f"{name}  {len(amc)} and {len(bvh_)} frames, offset {offset:3}: {worst[-1]:.2f} cm")
    print(f"{len(worst)} trials: mean {np.mean(worst):.2f} cm, worst {max(worst):.2f} cm")


if __name__ == "__main__":
    main()
