"""Sentences that come with a clip: NAME.txt beside it, one a line, and the sentence that `motionwire generate` writes down beside what
it makes (NAME.bvh.json)."""

from pathlib import Path

import msgspec

from motionwire.formats import WRITABLE

MAX_BYTES = 2**16  # of a NAME.txt, hundreds of sentences; what is behind them is not read
MAX_JSON_BYTES = 2**20
GENERATED = tuple(f"{extension}.json" for extension in WRITABLE)  # how the names of what stands beside generated clips end


class _About(msgspec.Struct):
    sentence: str = ""


def files_beside(clip: Path) -> list[Path]:
    """The files that sentences of a loose clip are read from; those that are not there are left out."""
    return [path for path in (clip.with_suffix(".txt"), clip.with_name(f"{clip.name}.json")) if path.is_file()]


def beside(clip: Path) -> tuple[str, ...]:
    """The sentences of a loose clip, each once; none where nothing stands beside it."""
    found = [sentence for path in files_beside(clip) for sentence in (_asked(path) if path.suffix == ".json" else in_file(path))]
    return tuple(dict.fromkeys(found))


def in_file(path: Path) -> tuple[str, ...]:
    """Each sentence of a text file once, one a line; of HumanML3D's "sentence#tokens#from#to" what is before the first #. None where the
    file is absent."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8-sig", errors="replace")  # Windows' editors write a byte order mark
    except OSError:
        return ()
    sentences = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(dict.fromkeys(sentence for sentence in sentences if sentence))


def _asked(path: Path) -> tuple[str, ...]:
    """What a generated clip was asked to be; none where the file does not say."""
    try:
        with path.open("rb") as file:
            sentence = msgspec.json.decode(file.read(MAX_JSON_BYTES), type=_About).sentence.strip()
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ()
    return (sentence,) if sentence else ()
