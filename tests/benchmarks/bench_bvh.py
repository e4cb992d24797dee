"""BVH parsing speed on one core, with floors taken in the same run:  python tests/benchmarks/bench_bvh.py [--json]

Parsing means everything from a file's bytes to quaternions. The floors only turn the numbers of the same bytes into an array:
numpy's own text parser (np.fromstring) and Python's split + float. Real clips of ../shared/data where they are, else made-up ones.
"""

import json
import sys
import tarfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

from motionwire.formats import bvh

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
SAMPLE_BYTES = 30_000_000  # of each archive
REAL_SETS = (("bandai set-2", "bandai.tar.xz", "set-2/"), ("cmu", "cmu.tar.xz", "bvh/"), ("dance", "cmu.tar.xz", "dance/"))
ROUNDS = 3  # the best counts: other work on the machine only ever slows a round


def real_files(archive: Path, prefix: str) -> list[bytes]:
    """BVH files of an archive, up to SAMPLE_BYTES."""
    files: list[bytes] = []
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.name.removeprefix("./").startswith(prefix) and member.name.endswith(".bvh"):
                stream = tar.extractfile(member)
                assert stream is not None
                files.append(stream.read())
                if sum(map(len, files)) > SAMPLE_BYTES:
                    break
    return files


def made_up_files(count: int = 60, frames: int = 200, joints: int = 22) -> list[bytes]:
    """Files like the real ones: six channels a joint, six decimals."""
    channels = "CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation"
    tree = "".join(f"{'JOINT' if joint else 'ROOT'} j{joint} {{ OFFSET 0 10 0\n{channels}\n" for joint in range(joints))
    head = f"HIERARCHY\n{tree}{'}' * joints}\nMOTION\nFrames: {frames}\nFrame Time: 0.0333333\n"
    random = np.random.default_rng(0)
    row = " ".join(["%.6f"] * (6 * joints))
    return [
        (head + "\n".join(row % tuple(values) for values in random.uniform(-180, 180, (frames, 6 * joints)).tolist()) + "\n").encode()
        for _ in range(count)
    ]


def numbers_only(data: bytes) -> bytes:
    return data[data.index(b"\n", data.index(b"Frame Time")) :]


def speed(work: Callable[[bytes], object], files: list[bytes], size: int) -> float:
    """MB/s of processor time, the best of ROUNDS."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for data in files:
            work(data)
        best = min(best, time.process_time() - start)
    return size / best / 1e6


def measure(files: list[bytes]) -> dict[str, float]:
    size = sum(map(len, files))
    bodies = [numbers_only(data) for data in files]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        numpy_floor = speed(lambda text: np.fromstring(text, sep=" "), bodies, size)
    python_floor = speed(lambda text: np.array([float(word) for word in text.split()]), bodies, size)
    parse = speed(lambda data: bvh.parse(data, "bench"), files, size)
    return {
        "parse_mb_per_s": parse,
        "floor_numpy_mb_per_s": numpy_floor,
        "floor_python_mb_per_s": python_floor,
        "ratio_to_numpy": parse / numpy_floor,
        "megabytes": size / 1e6,
    }


def main() -> None:
    sets = {"made up": made_up_files()}
    for name, archive, prefix in REAL_SETS:
        if (SHARED / archive).is_file():
            sets[name] = real_files(SHARED / archive, prefix)
    results = {name: measure(files) for name, files in sets.items() if files}
    if "--json" in sys.argv[1:]:
        print(json.dumps(results))
        return
    for name, numbers in results.items():
        print(
            f"{name:14} {numbers['parse_mb_per_s']:6.1f} MB/s parsed to quaternions; numbers alone: np.fromstring "
            f"{numbers['floor_numpy_mb_per_s']:.1f}, split + float {numbers['floor_python_mb_per_s']:.1f} MB/s; "
            f"{numbers['ratio_to_numpy']:.2f} x np.fromstring ({numbers['megabytes']:.0f} MB)"
        )


if __name__ == "__main__":
    main()
