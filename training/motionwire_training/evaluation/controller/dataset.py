"""The recorded motion that the scorecard compares with: an imported data set, or motion files that are imported for the occasion."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from motionwire.errors import InputError
from motionwire_training.data.importer import import_sources
from motionwire_training.evaluation.controller.recorded import samples


@contextmanager
def dataset(data: Path) -> Iterator[Path]:
    """An imported data set's folder; raises InputError where `data` is neither one nor holds motion files."""
    if not data.exists():
        raise InputError("there is no such folder", data)
    if (data / "dataset.json").is_file():
        yield data
        return
    with TemporaryDirectory() as folder:
        import_sources([data], Path(folder) / "data")
        yield Path(folder) / "data"


def compared(data: Path, folder: Path, trained_on: Sequence[str]) -> Sequence[str]:
    """The sources whose clips are compared with, of the data set that `data` is in `folder`: those that the bundle was trained on. Where
    none of them is there, any, and a line says so. Raises InputError where no clip could be compared."""
    if _any(folder, trained_on):
        return trained_on
    if not _any(folder, ()):
        raise InputError("has no clip that its labels call locomotion or standing: a manifest says what the clips show", data)
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print(
        f"{data}: has no clip of {', '.join(trained_on)}, which the bundle was trained on; compared with all of its clips", markup=False
    )
    return ()


def _any(folder: Path, sources: Sequence[str]) -> bool:
    return any(True for split in ("val", "train") for _ in samples(folder, split, sources))
