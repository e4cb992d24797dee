"""Clips on order: `generate` requests of one session, and their frames as they come."""

import numpy as np

from ..packed import JOINTS as NAMES

JOINTS = len(NAMES)
COLUMNS = 3 + 4 * JOINTS  # of a frame: root position, then the joints' rotations
FRAMES = 1800  # of one clip at most
FPS = 30.0  # of which a length is told in frames
SECONDS = 27.0  # that the model can make
WAITING, MAKING, DONE, FAILED, CANCELLED = "waiting", "making", "done", "failed", "cancelled"


class Take:
    """One clip. text, seed: what was asked for; state; made, total: frames (total 0: not known yet); problem: why it failed."""

    def __init__(self, text, seed):
        self.text, self.seed = text, seed
        self.state, self.problem = WAITING, ""
        self.ahead = self.made = self.total = 0
        self.fps, self.offsets = FPS, None
        self._chunks = []

    @property
    def over(self):
        """Whether nothing more will come."""
        return self.state in (DONE, FAILED, CANCELLED)

    def frames(self):
        """(root positions [T, 3] in m, local rotations [T, 22, 4] xyzw), canonical axes."""
        data = np.concatenate(self._chunks)
        return data[:, :3], data[:, 3:].reshape(len(data), JOINTS, 4)

    def take(self, message):
        """One message that belongs to this clip. Raises ValueError for what is none."""
        kind = message["t"]
        if kind == "progress":
            self.ahead, self.total = _count(message, "ahead"), _count(message, "total")
            self.made = max(self.made, _count(message, "frames"))
            self.state = MAKING if not self.ahead else WAITING
        elif kind == "clip_begin":
            if message.get("joints") != JOINTS or not 0 < float(message.get("fps", 0)) <= 1000:
                raise ValueError("a clip of another skeleton")
            self.state, self.fps = MAKING, float(message["fps"])
            self.offsets = _floats(message, "offsets", (JOINTS, 3))
        elif kind == "clip_chunk":
            frames = _count(message, "frames")
            if self.offsets is None or message.get("first") != sum(map(len, self._chunks)):
                raise ValueError("the clip has a gap")
            self._chunks.append(_floats(message, "data", (frames, COLUMNS)))
            self.made = max(self.made, message["first"] + frames)
        elif kind == "clip_end":
            self._end(message)
        elif kind == "error":
            self.state, self.problem = FAILED, str(message.get("message"))

    def fail(self, problem):
        """Nothing more will come."""
        if not self.over:
            self.state, self.problem = FAILED, problem

    def _end(self, message):
        if message.get("cancelled"):
            self.state = CANCELLED
        elif not self._chunks or message.get("frames") != sum(map(len, self._chunks)):
            raise ValueError("the clip is not whole")
        else:
            self.state = DONE


class Takes:
    """Clips of one sentence with seeds that count up, ordered together. frames: 0 lets the model decide."""

    def __init__(self, connection, text, frames, seed, count, first_request):
        self._connection = connection
        self.takes = [Take(text, (seed + number) % 2**32) for number in range(count)]
        self._by_request = {first_request + number: take for number, take in enumerate(self.takes)}
        for request, take in self._by_request.items():
            if not connection.send(t="generate", request=request, text=text, frames=frames, seed=take.seed):
                take.fail(f"no connection: {connection.problem}")

    @property
    def over(self):
        """Whether nothing more will come."""
        return all(take.over for take in self.takes)

    @property
    def progress(self):
        """0..1, as far as lengths are known."""
        return sum(1.0 if take.over else take.made / take.total if take.total else 0.0 for take in self.takes) / len(self.takes)

    def handle(self, message):
        """A message of the connection; others' are ignored."""
        if message["t"] == "lost":
            for take in self.takes:
                take.fail("the connection to the runtime was lost while the clip was made")
            return
        is_error = message["t"] == "error"
        if is_error and message.get("of") != "generate":
            return
        request = message.get("ref" if is_error else "request")
        take = self._by_request.get(request) if isinstance(request, int) else None
        if take is None or take.over:
            return
        try:
            take.take(message)
        except (ValueError, TypeError) as error:
            take.fail(f"the runtime sent what is no clip: {error}")
            self._connection.send(t="cancel", request=request)

    def cancel(self):
        """Ask the runtime to stop; what is made already stays. Without a connection all is over at once."""
        for request, take in self._by_request.items():
            if not take.over and not self._connection.send(t="cancel", request=request):
                take.state = CANCELLED


def pose_frame(message):
    """(root position [3] in m, local rotations [22, 4] xyzw) of the first character of a `pose`. Raises ValueError."""
    if message.get("joints") != JOINTS or not message.get("count"):
        raise ValueError("a pose of another skeleton")
    data = _floats(message, "data", (message["count"], COLUMNS))[0]
    return data[:3], data[3:].reshape(JOINTS, 4)


def rest_offsets(skeleton):
    """Rest offsets [22, 3] in m of a `welcome`'s skeleton. Raises ValueError unless it is the canonical one."""
    if not isinstance(skeleton, dict) or tuple(skeleton.get("names", ())) != NAMES:
        raise ValueError("the runtime's skeleton is not the one that this add-on knows")
    return _floats(skeleton, "offsets", (JOINTS, 3))


def _count(message, key):
    value = message.get(key)
    if not isinstance(value, int) or not 0 <= value <= 2**31:
        raise ValueError(f"{key} is {value!r}")
    return value


def _floats(message, key, shape):
    """A little-endian float32 blob as an array of this shape, finite."""
    data = message.get(key)
    if not isinstance(data, bytes) or len(data) != 4 * shape[0] * shape[1]:
        raise ValueError(f"{key} has not {shape[0]} x {shape[1]} numbers")
    values = np.frombuffer(data, "<f4").reshape(shape).astype(np.float64)
    if not np.isfinite(values).all():
        raise ValueError(f"{key} holds numbers that are not finite")
    return values
