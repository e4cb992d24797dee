"""The clip site: what it tells of motion files, and to whom."""

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from broadcast.web import fetch, fetch_private
from motionwire.broadcast.clips import ClipData, ClipSite
from motionwire.broadcast.viewer import Viewer
from motionwire.motion.contacts import soft_contacts
from synthetic import walking_clip

CLIPS = [replace(walking_clip(1.0, 30.0), name="slow <walk>"), replace(walking_clip(0.5, 120.0, speed=1.5), name="fast")]


@pytest.fixture(scope="module")
def clips() -> Iterator[Viewer]:
    with Viewer(ClipSite(CLIPS), port=0) as running:
        yield running


def test_clips_are_listed_and_sent_whole(clips: Viewer) -> None:
    assert fetch_private(clips, "/clips.json")[2] == b'{"clips": ["slow <walk>", "fast"]}'
    for number, clip in enumerate(CLIPS):
        sent = msgspec.msgpack.decode(fetch_private(clips, f"/clips/{number}")[2], type=ClipData)
        assert (sent.name, sent.fps, sent.frames, sent.names, sent.parents) == (
            clip.name, clip.fps, len(clip), clip.skeleton.names, clip.skeleton.parents,
        )  # fmt: skip
        poses = np.frombuffer(sent.data, "<f4").reshape(len(clip), -1)
        np.testing.assert_array_equal(poses[:, :3], clip.root_positions)
        np.testing.assert_array_equal(poses[:, 3:].reshape(len(clip), -1, 4), clip.rotations)
        np.testing.assert_array_equal(np.frombuffer(sent.offsets, "<f4").reshape(-1, 3), clip.skeleton.offsets)
        np.testing.assert_allclose(np.frombuffer(sent.contacts, "<f4").reshape(-1, 4), soft_contacts(clip))


def test_another_page_and_no_live_one(clips: Viewer) -> None:
    assert b"clips.js" in fetch(clips.origin)[2]
    assert fetch(clips.origin + "/about.json")[0] == fetch(clips.origin + "/socket")[0] == 404


@pytest.mark.parametrize("path", ["/clips.json", "/clips/0"])
def test_files_are_for_holders_of_the_key(clips: Viewer, path: str) -> None:
    assert fetch(clips.origin + path)[0] == 401


@pytest.mark.parametrize("path", ["/clips/2", "/clips/-1", "/clips/99999", "/clips/x", "/clips/"])
def test_a_clip_that_is_not_there(clips: Viewer, path: str) -> None:
    assert fetch_private(clips, path)[0] == 404
