"""The HIERARCHY half of a BVH file: joint tree, offsets, channels. Iterative, with limits, so that no file can exhaust us."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from motionwire.errors import InputError
from motionwire.formats.numbers import number
from motionwire.motion.skeleton import Skeleton

MAX_JOINTS = 4096
MAX_DEPTH = 512
MAX_NAME = 256
CHANNELS = frozenset(f"{axis}{kind}" for axis in "xyz" for kind in ("position", "rotation"))

_TOKEN = re.compile(rb"[{}]|[^\s{}]+")


@dataclass(frozen=True)
class Hierarchy:
    """skeleton: J joints in file order; channel_names: for each joint its channels in order, lower case ("xposition")."""

    skeleton: Skeleton
    channel_names: tuple[tuple[str, ...], ...]

    @property
    def channels(self) -> int:
        """Numbers in one frame."""
        return sum(len(names) for names in self.channel_names)


def line_of(data: bytes, position: int) -> int:
    """The line, from 1, of a byte position; LF, CRLF and lone CR each end one."""
    head = data[:position]
    return 1 + head.count(b"\n") + head.count(b"\r") - head.count(b"\r\n")


class _Tokens:
    """The tokens of a file one by one, with errors that know the line."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data, self.name = data, name
        self.position = 3 if data.startswith(b"\xef\xbb\xbf") else 0
        self._matches: Iterator[re.Match[bytes]] = _TOKEN.finditer(data, self.position)

    def next(self, wanted: str) -> bytes:
        match = next(self._matches, None)
        if match is None:
            self.position = len(self.data)
            raise self.error(f"the file ends where {wanted} should stand")
        self.position = match.start()
        self.end = match.end()
        return match[0]

    def expect(self, word: bytes) -> None:
        token = self.next(word.decode())
        if token.upper() != word:
            raise self.error(f"{shown(token)} stands where {word.decode()} should")

    def number(self, wanted: str) -> float:
        token = self.next(wanted)
        try:
            return number(token)
        except ValueError as error:
            raise self.error(f"{wanted}: {error}") from None

    def error(self, message: str) -> InputError:
        return InputError(message, f"{self.name}: line {line_of(self.data, self.position)}")


def shown(token: bytes) -> str:
    """A token for a message: readable, short, quoted."""
    return repr(token[:40].decode("utf-8", "replace"))


class _Builder:
    """Collects joints while the tokens are walked."""

    def __init__(self, tokens: _Tokens) -> None:
        self.tokens = tokens
        self.names: dict[str, None] = {}
        self.parents: list[int] = []
        self.offsets: list[list[float] | None] = []
        self.channels: list[tuple[str, ...] | None] = []
        self.end_sites: dict[int, tuple[float, float, float]] = {}

    def open_joint(self, parent: int) -> int:
        """Reads a name and `{`; returns the joint's index."""
        words: list[bytes] = []
        start = self.tokens.position
        while (token := self.tokens.next("a joint name and {")) != b"{":
            if token == b"}":
                raise self.tokens.error("'}' stands where a joint name or { should")
            if not words:
                start = self.tokens.position
            words.append(token)
            if sum(map(len, words)) > MAX_NAME:
                raise self.tokens.error(f"a joint name is longer than {MAX_NAME} bytes")
        self.tokens.position = start  # errors below are about the name
        try:
            name = b" ".join(words).decode("utf-8")
        except UnicodeDecodeError:
            raise self.tokens.error(f"joint name {shown(b' '.join(words))} is not UTF-8") from None
        if not name or not name.isprintable():
            raise self.tokens.error(f"joint name {name[:40]!r} is empty or not printable")
        if name in self.names:
            raise self.tokens.error(f"joint name {name!r} occurs twice")
        if len(self.names) >= MAX_JOINTS:
            raise self.tokens.error(f"more than {MAX_JOINTS} joints")
        self.names[name] = None
        self.parents.append(parent)
        self.offsets.append(None)
        self.channels.append(None)
        return len(self.parents) - 1

    def read_offset(self) -> list[float]:
        return [self.tokens.number("an OFFSET of three numbers") for _ in range(3)]

    def read_channels(self) -> tuple[str, ...]:
        token = self.tokens.next("a count of channels")
        if token not in (b"0", b"1", b"2", b"3", b"4", b"5", b"6"):
            raise self.tokens.error(f"a joint has 0 to 6 channels, not {shown(token)}")
        names: list[str] = []
        for _ in range(int(token)):
            raw = self.tokens.next("a channel name")
            name = raw.decode("utf-8", "replace").lower()
            if name not in CHANNELS:
                raise self.tokens.error(f"{shown(raw)} is not a channel; {token.decode()} were announced")
            if name in names:
                raise self.tokens.error(f"channel {shown(raw)} occurs twice in one joint")
            names.append(name)
        return tuple(names)

    def read_end_site(self, joint: int) -> None:
        self.tokens.expect(b"SITE")
        while (token := self.tokens.next("{")) != b"{":  # some tools name their end sites
            if token == b"}":
                raise self.tokens.error("'}' stands where { of an End Site should")
        self.tokens.expect(b"OFFSET")
        x, y, z = self.read_offset()
        self.end_sites.setdefault(joint, (x, y, z))
        self.tokens.expect(b"}")

    def close_joint(self, joint: int) -> None:
        if self.offsets[joint] is None:
            raise self.tokens.error(f"joint {list(self.names)[joint]!r} has no OFFSET")

    def finish(self) -> Hierarchy:
        skeleton = Skeleton(tuple(self.names), tuple(self.parents), np.array(self.offsets, dtype=np.float32), self.end_sites)
        return Hierarchy(skeleton, tuple(names or () for names in self.channels))


def parse_hierarchy(data: bytes, name: str) -> tuple[Hierarchy, int]:
    """The joint tree and the position after the word MOTION; raises InputError with the line."""
    if not data.strip():
        raise InputError("the file is empty", name)
    tokens = _Tokens(data, name)
    tokens.expect(b"HIERARCHY")
    tokens.expect(b"ROOT")
    builder = _Builder(tokens)
    stack = [builder.open_joint(-1)]
    while stack:
        joint = stack[-1]
        token = tokens.next("a closing }")
        word = token.upper()
        if word == b"OFFSET" and builder.offsets[joint] is None:
            builder.offsets[joint] = builder.read_offset()
        elif word == b"CHANNELS" and builder.channels[joint] is None:
            builder.channels[joint] = builder.read_channels()
        elif word == b"JOINT":
            if len(stack) >= MAX_DEPTH:
                raise tokens.error(f"joints nest deeper than {MAX_DEPTH}")
            stack.append(builder.open_joint(joint))
        elif word == b"END":
            builder.read_end_site(joint)
        elif word == b"}":
            builder.close_joint(stack.pop())
        else:
            raise tokens.error(f"{shown(token)} stands where JOINT, End Site or a closing }} should")
    if (word := tokens.next("MOTION").upper()) == b"ROOT":
        raise tokens.error("a second ROOT: one file holds one character; split it first")
    if word != b"MOTION":
        raise tokens.error(f"{shown(word)} stands where MOTION should")
    hierarchy = builder.finish()
    if hierarchy.channels == 0:
        raise tokens.error("no joint has a channel, so the file holds no motion")
    return hierarchy, tokens.end
