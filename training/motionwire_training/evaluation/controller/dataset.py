"""The recorded motion that the scorecard compares with: an imported data set, or motion files that are imported for the occasion."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from motionwire.errors import InputError
from motionwire_training.data.importer import import_sources


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
