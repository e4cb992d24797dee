"""Files that a clip needs beside it: the .asf of an .amc, the hierarchy and offsets of a JSON or NPZ clip;
and what `motionwire generate` says of its clips (sentences.py)."""

from collections.abc import Mapping
from pathlib import Path

from motionwire.errors import InputError
from motionwire.formats.asf_amc import find_asf
from motionwire.formats.hierarchy_json import SUFFIX_HIERARCHY, SUFFIX_OFFSETS, beside
from motionwire.formats.source import read_bytes
from motionwire_training.data.sentences import GENERATED

MAX_BYTES = 2**20  # a skeleton is some 7 kB
WITH_SKELETON_FILES = ("json", "npz")


def is_companion(name: str) -> bool:
    """True for a file that is only there for the clips beside it."""
    return name.endswith((SUFFIX_HIERARCHY, SUFFIX_OFFSETS, ".asf")) or name.lower().endswith(GENERATED)


def candidates(path: str, form: str) -> tuple[tuple[str, ...], ...]:
    """Names that each companion of a clip may have, the best first; `amc/02_01.amc` has `amc/02_01.asf` or `amc/02.asf`."""
    folder, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    if form == "amc":
        return ((f"{folder}{slash}{stem}.asf", f"{folder}{slash}{stem.rpartition('_')[0]}.asf"),)
    if form in WITH_SKELETON_FILES:
        return tuple((f"{folder}{slash}{stem}{suffix}",) for suffix in (SUFFIX_HIERARCHY, SUFFIX_OFFSETS))
    return ()


def pick(wanted: tuple[tuple[str, ...], ...], found: Mapping[str, bytes]) -> tuple[bytes, ...]:
    """Those companions that were found, in order."""
    firsts = (next((found[name] for name in names if name in found), None) for names in wanted)
    return tuple(data for data in firsts if data is not None)


def on_disk(clip: Path, form: str) -> list[Path]:
    """The companions of a loose file; those that are not there are left out."""
    if form == "amc":
        try:
            return [find_asf(clip)]
        except InputError:
            return []
    return [path for path in (beside(clip) if form in WITH_SKELETON_FILES else ()) if path.is_file()]


def read(clip: Path, form: str) -> tuple[bytes, ...]:
    """What is in the companions of a loose file."""
    return tuple(read_bytes(path, MAX_BYTES) for path in on_disk(clip, form))
