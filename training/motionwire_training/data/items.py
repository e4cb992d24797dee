"""What a source offers: items (one clip's labels and place) and jobs (an item with its bytes)."""

import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass

SPLITS = ("train", "val", "test")
KEY_LENGTH = 180
MAX_CLIP_BYTES = 256 * 2**20  # a larger file is no single clip; 256 MiB of BVH is some 40 minutes at 120 fps


@dataclass(frozen=True, slots=True)
class Item:
    """One clip before it is read.

    key: unique name in the data set; path: inside its folder or archive; format: suffix without the dot, or "272" for
    MotionMillion features; fps: true rate, None to believe the file; first_frame: frames before it are dropped;
    captions: sentences that came with the clip; hashed: nobody assigned the split (`hashed_split`); mirror: whether its mirror image
    may be learned from, None where nobody said.
    """

    key: str
    path: str
    format: str
    source: str
    licence: str = ""
    subject: str = ""
    content: str = ""
    style: str = ""
    description: str = ""
    split: str = "train"
    hashed: bool = False
    fps: float | None = None
    first_frame: int = 0
    captions: tuple[str, ...] = ()
    mirror: bool | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """An item and its bytes, or the reason why there are none. `companions` are files it needs (companions.py)."""

    item: Item
    where: str
    data: bytes = b""
    companions: tuple[bytes, ...] = ()
    missing: str = ""

    @property
    def size(self) -> int:
        """Bytes held in memory."""
        return len(self.data) + sum(map(len, self.companions))

    def digest(self) -> str:
        """Hash of the labels and the content: equal digests make equal clips."""
        labels = asdict(self.item)
        labels.pop("path")
        hasher = hashlib.blake2b(json.dumps(labels, sort_keys=True).encode(), digest_size=16)
        for part in (self.data, *self.companions, self.missing.encode()):
            hasher.update(len(part).to_bytes(8, "little"))
            hasher.update(part)
        return hasher.hexdigest()


def clean_key(text: str) -> str:
    """A key that can stand in a WebDataset: no dots, no folders, ASCII. A name in another script, of which little is kept, has its hash
    behind it, so that such names are told apart and fall into splits as others do."""
    text = unicodedata.normalize("NFC", readable(text))  # a Mac writes é as two characters
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in text.replace("/", "__"))
    if text.isascii():
        return kept[:KEY_LENGTH] or "clip"
    mark = f"-{key_hash(text):08x}"
    return kept[: KEY_LENGTH - len(mark)] + mark


def readable(text: str) -> str:
    """A file name as text that can be written; bytes that are not UTF-8 are escaped."""
    return text.encode("utf-8", "backslashreplace").decode()


def hashed_split(key: str) -> str:
    """Split of a clip that nobody assigned: one in twenty is validation, chosen by its key alone."""
    return "val" if key_hash(key) % 20 == 0 else "train"


def key_hash(key: str) -> int:
    """A number in 0..2^32 - 1 that follows from the key alone."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest(), "little")
