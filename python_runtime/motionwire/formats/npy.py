"""NPY and NPZ without trust: no pickle, and declared sizes are compared with the bytes that are there before anything is allocated."""

import io
import lzma
import struct
import tokenize
import zipfile
import zlib

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError

MAX_UNPACKED = 2**30  # bytes of all members together
MAX_MEMBERS = 256
MAX_HEADER = 10_000

# What zipfile lets out on damaged archives: encryption is a RuntimeError, unknown compression a NotImplementedError.
_ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError,
    RuntimeError, ValueError, IndexError, OverflowError, MemoryError,
)  # fmt: skip
_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


def load_npy(data: bytes, where: str) -> NDArray:
    """The array of an NPY file's bytes; raises InputError for pickled objects, broken headers or missing bytes."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        if version not in _HEADERS:
            raise InputError(f"NPY version {version} is not known", where)
        shape, fortran, dtype = _HEADERS[version](stream, max_header_size=MAX_HEADER)
    except InputError:
        raise
    except (ValueError, TypeError, SyntaxError, tokenize.TokenError, EOFError, RecursionError, MemoryError, OverflowError) as error:
        raise InputError(f"not an NPY array: {str(error)[:80]}", where) from None
    if dtype.hasobject:
        raise InputError("holds pickled Python objects, which are refused", where)
    count = 1
    for size in shape:
        count *= size
    left = len(data) - stream.tell()
    if any(size < 0 for size in shape) or dtype.itemsize == 0 or count * dtype.itemsize != left:
        raise InputError(f"shape {shape} of {dtype} does not fit the {left} bytes of data", where)
    array = np.frombuffer(data, dtype=dtype, offset=stream.tell()) if left else np.empty(0, dtype=dtype)
    try:
        return array.reshape(shape, order="F" if fortran else "C")
    except (ValueError, TypeError) as error:
        raise InputError(f"shape {str(shape)[:60]}: {error}", where) from None


def load_npz(data: bytes, where: str, limit: int = MAX_UNPACKED) -> dict[str, NDArray]:
    """Every array of an NPZ file's bytes by name; raises InputError, among others when it would unpack to more than `limit` bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise InputError(f"{len(members)} members, more than {MAX_MEMBERS}", where)
            unpacked = sum(member.file_size for member in members)
            if unpacked > limit:
                raise InputError(f"would unpack to {unpacked:,} bytes, more than {limit:,}", where)
            arrays = {}
            for member in members:
                if not member.filename.endswith(".npy"):
                    raise InputError(f"member {member.filename[:80]!r} is not an NPY array", where)
                with archive.open(member) as stream:
                    content = stream.read(member.file_size + 1)  # the zip reader stops at the declared size
                arrays[member.filename.removesuffix(".npy")] = load_npy(content, f"{where}: {member.filename[:80]}")
            return arrays
    except InputError:
        raise
    except _ZIP_ERRORS as error:
        raise InputError(f"not a readable NPZ: {str(error)[:80]}", where) from None
