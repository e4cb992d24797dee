"""Fixtures shared by all tests: the real clips beside the checkout, and single files of each source rig."""

import signal
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# A shell that starts the tests in the background makes them, and every program they start, deaf to Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"

# One short file per rig: (archive, members); the first member is the clip, others are files it needs.
SAMPLES = {
    "bandai": ("bandai.tar.xz", ["set-1/dataset-1_walk_normal_001.bvh"]),
    "bandai_raise": ("bandai.tar.xz", ["set-2/dataset-2_raise-up-right-hand_normal_001.bvh"]),
    "cmu_bvh": ("cmu.tar.xz", ["bvh/02_01.bvh"]),
    "cmu_amc": ("cmu.tar.xz", ["amc/02_01.amc", "amc/02.asf"]),
    "dance": ("cmu.tar.xz", ["dance/salsa_01.bvh"]),
    "idle": ("idle.tar.xz", ["003_genuine.bvh"]),
}


# The same examples on every machine, however slow it is.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real clips; skips the test where it is absent."""
    if not (SHARED / "manifest.csv").is_file():
        pytest.skip(f"the real clips are not at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def sample_clip(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """sample_clip(kind) -> path of one real file of that rig (see SAMPLES), unpacked outside the checkout."""
    folder = tmp_path_factory.mktemp("samples")

    def unpack(kind: str) -> Path:
        archive, members = SAMPLES[kind]
        if not (folder / members[0]).is_file():
            wanted = {member for other, group in SAMPLES.values() if other == archive for member in group}
            with tarfile.open(shared_data / archive) as tar:  # one pass over an archive serves all its kinds
                for member in tar:
                    if member.name.removeprefix("./") in wanted:
                        wanted.remove(member.name.removeprefix("./"))
                        tar.extract(member, folder, filter="data")
                    if not wanted:
                        break
        return folder / members[0]

    return unpack
