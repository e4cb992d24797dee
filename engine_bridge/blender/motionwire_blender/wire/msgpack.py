"""MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md), as much of it as the protocol uses: no extension types.

`unpack` takes bytes from the network: whatever they are, it returns a value or raises MessagePackError.
"""

import struct

DEPTH = 32  # levels of maps and arrays; the protocol asks for 16


class MessagePackError(ValueError):
    """Not one whole MessagePack value."""


def pack(value):
    """bytes of None, bool, int (64 bits), float, str, bytes, list, tuple or dict."""
    out = bytearray()
    _pack(value, out)
    return bytes(out)


def unpack(data):
    """The one value that the bytes hold; str must be UTF-8, keys of maps must be str."""
    reader = _Reader(data)
    try:
        value = reader.value(0)
    except (struct.error, IndexError):
        raise MessagePackError("it ends too early") from None
    except UnicodeDecodeError:
        raise MessagePackError("a str is not UTF-8") from None
    if reader.at != len(data):
        raise MessagePackError(f"{len(data) - reader.at} bytes too many")
    return value


def _pack(value, out):
    if value is None:
        out.append(0xC0)
    elif isinstance(value, bool):
        out.append(0xC3 if value else 0xC2)
    elif isinstance(value, int):
        _pack_int(value, out)
    elif isinstance(value, float):
        out += struct.pack(">Bd", 0xCB, value)
    elif isinstance(value, str):
        data = value.encode("utf-8")
        _pack_head(len(data), out, (0xA0, 31), (0xD9, 0xDA, 0xDB))
        out += data
    elif isinstance(value, (bytes, bytearray)):
        _pack_head(len(value), out, None, (0xC4, 0xC5, 0xC6))
        out += value
    elif isinstance(value, (list, tuple)):
        _pack_head(len(value), out, (0x90, 15), (None, 0xDC, 0xDD))
        for item in value:
            _pack(item, out)
    elif isinstance(value, dict):
        _pack_head(len(value), out, (0x80, 15), (None, 0xDE, 0xDF))
        for key, item in value.items():
            _pack(key, out)
            _pack(item, out)
    else:
        raise TypeError(f"MessagePack has no {type(value).__name__}")


def _pack_int(value, out):
    if -32 <= value < 128:
        out += struct.pack(">b" if value < 0 else ">B", value)
    elif value >= 0:
        code, form = next((c, f) for c, f, top in ((0xCC, "B", 8), (0xCD, "H", 16), (0xCE, "I", 32), (0xCF, "Q", 64)) if value >> top == 0)
        out += struct.pack(">B" + form, code, value)
    else:
        out += struct.pack(">Bq", 0xD3, value)


def _pack_head(length, out, fixed, codes):
    """A length with its format: inside one byte (base, most) where it fits, else as 8, 16 or 32 bits (None: no such format)."""
    if fixed is not None and length <= fixed[1]:
        out.append(fixed[0] | length)
        return
    for code, form, bits in zip(codes, "BHI", (8, 16, 32), strict=True):
        if code is not None and length >> bits == 0:
            out += struct.pack(">B" + form, code, length)
            return
    raise ValueError(f"{length} items are too many")


_NUMBERS = {  # code -> struct format
    0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q", 0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q",
}  # fmt: skip
_LENGTHS = {  # code -> (what follows, struct format of its length)
    0xC4: ("bin", ">B"), 0xC5: ("bin", ">H"), 0xC6: ("bin", ">I"), 0xD9: ("str", ">B"), 0xDA: ("str", ">H"), 0xDB: ("str", ">I"),
    0xDC: ("array", ">H"), 0xDD: ("array", ">I"), 0xDE: ("map", ">H"), 0xDF: ("map", ">I"),
}  # fmt: skip
_CONSTANTS = {0xC0: None, 0xC2: False, 0xC3: True}


class _Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def value(self, depth):
        code = self.data[self.at]
        self.at += 1
        if code < 0x80:
            return code
        if code >= 0xE0:
            return code - 256
        if code in _CONSTANTS:
            return _CONSTANTS[code]
        if code in _NUMBERS:
            return self._number(_NUMBERS[code])
        if code < 0x90:
            return self._items("map", code & 15, depth)
        if code < 0xA0:
            return self._items("array", code & 15, depth)
        if code < 0xC0:
            return self._items("str", code & 31, depth)
        if code in _LENGTHS:
            kind, form = _LENGTHS[code]
            return self._items(kind, self._number(form), depth)
        raise MessagePackError(f"format {code:#04x} is not used by the protocol")

    def _number(self, form):
        (value,) = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return value

    def _items(self, kind, count, depth):
        if count > len(self.data) - self.at:  # each item takes a byte at least: nothing is reserved for what cannot be there
            raise MessagePackError("it ends too early")
        if kind in ("bin", "str"):
            data = bytes(self.data[self.at : self.at + count])
            self.at += count
            return data if kind == "bin" else data.decode("utf-8")
        if depth >= DEPTH:
            raise MessagePackError(f"nested deeper than {DEPTH} levels")
        if kind == "array":
            return [self.value(depth + 1) for _ in range(count)]
        return {self._key(depth): self.value(depth + 1) for _ in range(count)}

    def _key(self, depth):
        key = self.value(depth + 1)
        if not isinstance(key, str):
            raise MessagePackError("a key is not a str")
        return key
