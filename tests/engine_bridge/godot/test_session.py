"""What a session says when connections break and numbers are used again, message by message."""

import json
import struct
from pathlib import Path
from typing import Any

import msgpack

from engine_bridge.godot.hostile import WELCOME
from engine_bridge.godot.probe import run_script

Event = list[Any]


def said(folder: Path, *events: Event) -> list[list[tuple[Any, ...]]]:
    """What follows each event, briefly: (type,), of a despawn, spawn and teleport with the character, of the last two with its x, too."""
    (folder / "in.json").write_text(json.dumps(events))
    run_script("session", str(folder / "in.json"), str(folder / "out.json"))
    answers = [[msgpack.unpackb(bytes.fromhex(one)) for one in answer] for answer in json.loads((folder / "out.json").read_text())]
    return [
        [(one["t"], *(one[key] for key in ("character",) if key in one), *one.get("transform", [])[:1]) for one in each] for each in answers
    ]


def hears(**message: Any) -> Event:
    return ["hear", msgpack.packb({"v": 1, **message}).hex()]


def welcome(hello: int, *characters: int, resumed: bool = False) -> Event:
    """ref: how many hellos there were."""
    return hears(**msgpack.unpackb(WELCOME) | {"ref": hello, "session": "s", "resumed": resumed, "characters": list(characters)})


def accepted(ref: int, of: str = "spawn") -> Event:
    return hears(t="accepted", of=of, ref=ref)


def seen(character: int, x: float) -> Event:
    """A pose with it there."""
    numbers = struct.pack("<91f", x, 0.9, 0, *(22 * (0, 0, 0, 1)))
    return hears(
        t="pose", seq=1, ts=1.0, characters=[character], count=1, joints=22, data=numbers, phase=bytes(4), contacts=bytes(16),
        root_delta=bytes(12), root=numbers[:4] + bytes(8), acting=b"\0", events=[],
    )  # fmt: skip


def test_a_frame_of_before_does_not_place_a_number_used_again(tmp_path: Path) -> None:
    answers = said(
        tmp_path,
        ["greet"], welcome(1), ["spawn", 1, 5.0, 11], accepted(11), seen(1, 6.0),
        ["despawn", 1], ["spawn", 1, 7.0, 12], seen(1, 6.0), accepted(12), ["lose"],
        ["greet"], welcome(2), accepted(12), seen(1, 9.0), ["lose"], ["greet"], welcome(3),
    )  # fmt: skip
    assert answers[5:7] == [[("despawn", 1)], [("spawn", 1, 7.0)]]
    assert answers[11] == [("spawn", 1, 7.0)]
    assert answers[-1] == [("spawn", 1, 9.0)]


def test_a_resumed_session_keeps_those_who_lived_in_it(tmp_path: Path) -> None:
    answers = said(
        tmp_path,
        ["greet"], welcome(1), ["spawn", 1, 1.0, 11], accepted(11), ["spawn", 2, 2.0, 12], accepted(12), ["spawn", 3, 3.0, 13], ["lose"],
        ["despawn", 2], ["spawn", 2, 20.0, 14], ["spawn", 4, 4.0, 15], ["greet"], welcome(2, 1, 2, 3, resumed=True),
    )  # fmt: skip
    assert answers[-1][:2] == [("despawn", 2), ("despawn", 3)]
    assert sorted(answers[-1][2:]) == [("spawn", 2, 20.0), ("spawn", 3, 3.0), ("spawn", 4, 4.0)]


def test_it_comes_back_where_it_was_teleported(tmp_path: Path) -> None:
    """Frames that came before the answer show the place before."""
    answers = said(
        tmp_path,
        ["greet"], welcome(1), ["spawn", 1, 5.0, 11], accepted(11), seen(1, 6.0), ["teleport", 1, 40.0, 1, 12], seen(1, 7.0), ["lose"],
        ["greet"], welcome(2, 1, resumed=True), seen(1, 7.0), ["lose"], ["greet"], welcome(3),
        accepted(11), ["teleport", 1, 50.0, 2, 13], seen(1, 41.0), accepted(13, "teleport"), ["lose"], ["greet"], welcome(4),
        accepted(11), ["teleport", 1, 60.0, 3, 14], accepted(14, "teleport"), seen(1, 61.0), ["lose"], ["greet"], welcome(5),
    )  # fmt: skip
    assert answers[5] == [("teleport", 1, 40.0)]
    assert answers[9] == [("teleport", 1, 40.0)]  # told again: whether it was heard is not known
    assert answers[13] == [("spawn", 1, 40.0)]
    assert answers[20] == [("spawn", 1, 50.0)]
    assert answers[-1] == [("spawn", 1, 61.0)]
