"""The clip site: motion files side by side, with a timeline. All of it needs the viewer's key.

GET /clips.json  {"clips": [name...]}
GET /clips/N     clip N as one MessagePack map, see ClipData
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from aiohttp import web

from motionwire.broadcast import assets
from motionwire.broadcast.access import HEADERS, Access
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import soft_contacts

MAX_CLIPS = 12  # side by side


class ClipData(msgspec.Struct):
    """What the page gets of a clip; arrays are little-endian float32.

    offsets [J, 3] m; data [T, 3 + 4 J], root position in m and local quaternions xyzw as in the wire's `pose`; contacts [T, 4].
    """

    name: str
    fps: float
    frames: int
    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: bytes
    data: bytes
    contacts: bytes


def encode(clip: Clip) -> bytes:
    """A canonical clip as the page reads it."""
    return msgspec.msgpack.encode(
        ClipData(
            name=clip.name,
            fps=clip.fps,
            frames=len(clip),
            names=clip.skeleton.names,
            parents=clip.skeleton.parents,
            offsets=clip.skeleton.offsets.astype("<f4").tobytes(),
            data=_poses(clip),
            contacts=soft_contacts(clip).astype("<f4").tobytes(),
        )
    )


def _poses(clip: Clip) -> bytes:
    return np.concatenate((clip.root_positions, clip.rotations.reshape(len(clip), -1)), axis=1).astype("<f4").tobytes()


class ClipSite:
    """Shows canonical clips."""

    def __init__(self, clips: Sequence[Clip]) -> None:
        self.assets = assets.load("clips.html")
        self._clips = [encode(clip) for clip in clips]
        self._names = [clip.name for clip in clips]

    def add_routes(self, router: web.UrlDispatcher, access: Access) -> None:
        self._access = access
        router.add_get("/clips.json", self._list)
        router.add_get(r"/clips/{number:\d{1,4}}", self._clip)

    async def close(self) -> None:
        pass

    async def _list(self, request: web.Request) -> web.Response:
        self._access.check_key(request)
        return web.json_response({"clips": self._names}, headers=HEADERS)

    async def _clip(self, request: web.Request) -> web.Response:
        self._access.check_key(request)
        number = int(request.match_info["number"])
        if number >= len(self._clips):
            raise web.HTTPNotFound(text="no such clip", headers=HEADERS)
        return web.Response(body=self._clips[number], content_type="application/msgpack", headers=HEADERS)
