"""The real motion that an evaluation is given: a data set, a folder of motion files, a manifest, or single files.

Of an imported data set, and of a manifest that says which clips are held out, the held-out ones are evaluated and the training
clips stand beside them for comparison; of anything else all clips are evaluated.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire_training.data.importer import import_sources
from motionwire_training.data.shards import read_shard
from motionwire_training.features import FeatureClip, features_of, read_features

MOST_HELD, MOST_TRAIN = 2000, 20_000  # clips: shards are mixed, so the first ones are a sample of a data set of any size


@dataclass(frozen=True)
class Given:
    """held: the clips that are evaluated; train() streams those to compare with, none where there are none."""

    held: list[FeatureClip]
    data: Path | None
    licence: str

    def train(self) -> Iterator[FeatureClip]:
        """The training clips."""
        if self.data is not None:
            yield from islice(read_features(self.data, "train", self.licence), MOST_TRAIN)


def licence_of(bundle: Bundle) -> str:
    """The licence class of the clips that a bundle is measured on: those that it could have learned from."""
    return "free" if bundle.manifest.commercial_use else "research"


@contextmanager
def given(data: Path | None, licence: str) -> Iterator[Given]:
    """What lies at `data`; licence "free" keeps to freely usable clips of a data set.

    None gives no clips. Raises InputError where there is nothing to evaluate.
    """
    if data is None:
        yield Given([], None, licence)
        return
    if (data / "dataset.json").is_file():
        yield _checked(Given(list(islice(read_features(data, "val", licence), MOST_HELD)), data, licence), data)
        return
    with TemporaryDirectory() as folder:
        imported = Path(folder) / "data"
        import_sources([data], imported)
        shards = sorted((imported / "shards").glob("*.tar"))
        if _says_what_is_held_out(data):
            has_train = any(path.name.startswith("train-") for path in shards)
            held = [path for path in shards if not path.name.startswith("train-")]
            yield _checked(Given(_read(held), imported if has_train else None, "research"), data)
        else:
            yield _checked(Given(_read(shards), None, "research"), data)


def _read(shards: list[Path]) -> list[FeatureClip]:
    return [features_of(sample) for sample in islice((sample for path in shards for sample in read_shard(path)), MOST_HELD)]


def _says_what_is_held_out(path: Path) -> bool:
    """Whether a manifest has clips that are not for training."""
    manifest = path / "manifest.csv" if path.is_dir() else path
    if manifest.suffix != ".csv" or not manifest.is_file():
        return False
    with manifest.open(encoding="utf-8", newline="") as file:
        return any(row.get("split") in ("val", "test") for row in csv.DictReader(file))


def _checked(found: Given, data: Path) -> Given:
    if not found.held:
        raise InputError("holds no clip to evaluate", data)
    return found
