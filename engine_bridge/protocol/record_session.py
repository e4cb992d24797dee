"""Records golden/session.bin and golden/session_joints.npy from the runtime: `python record_session.py`. Takes ten seconds.

One character of the `free` bundle in lock-step at 60 Hz: it walks, turns, runs, stops, acts a sentence and walks on. session.bin holds what
the server sent, as it came: for each message its length (uint32, little-endian), then its bytes. session_joints.npy holds where
the joints of each pose are: float32 [600, 22, 3], m, canonical axes, by the runtime's forward kinematics.
"""

import io
import math
import struct
import time
from pathlib import Path

import numpy as np
import zmq

from motionwire.client_frames import bodies, floats
from motionwire.motion.kinematics import forward_kinematics
from motionwire.motion.skeleton import Skeleton
from motionwire.server import messages as wire
from motionwire.server.process import ServerProcess

FOLDER = Path(__file__).parent / "golden"
FPS = 60
CHARACTER = 7
SENTENCE = "a person dances salsa"
LEGS = (  # s, speed in m/s, turning in rad/s, what is acted
    (1.5, 1.3, 0.0, ""),
    (1.5, 1.3, 1.2, ""),
    (1.5, 3.0, 0.0, ""),
    (1.0, 0.0, 0.0, ""),
    (3.0, 0.0, 0.0, SENTENCE),
    (1.5, 1.3, -0.8, ""),
)


def record() -> list[bytes]:
    """Every message of the server, in order."""
    heard: list[bytes] = []
    with ServerProcess("free") as server, zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.linger = 0
        socket.connect(server.endpoint)
        socket.setsockopt(zmq.RCVTIMEO, 30_000)

        def ask(request: wire.Message) -> None:
            socket.send(wire.encode(request))
            heard.append(socket.recv())

        ask(wire.Hello(proto=wire.VERSION, minor=wire.MINOR, client="golden", engine="none", ref=1))
        ask(wire.Spawn(character=CHARACTER, model="free", transform=(1.0, 0.0, -2.0, 0.5), seed=3, ref=2))
        heading, seq, started = 0.5, 0, time.perf_counter()
        for seconds, speed, turning, sentence in LEGS:
            if sentence:
                ask(wire.Act(character=CHARACTER, text=sentence, seed=5, seconds=2.5, ref=3))
            for _ in range(round(seconds * FPS)):
                seq += 1
                heading += turning / FPS
                stick = struct.pack("<4f", speed * math.sin(heading), speed * math.cos(heading), math.nan, 0.0)
                ask(wire.Step(seq=seq, characters=[CHARACTER], input=stick, dt=1 / FPS))
                time.sleep(max(0.0, started + seq / FPS - time.perf_counter()))  # sentences are made in real time
    return heard


def joints(heard: list[bytes]) -> np.ndarray:
    """float32 [poses, 22, 3]: where the joints are."""
    replies = [wire.decode_reply(message) for message in heard]
    welcome = replies[0]
    assert isinstance(welcome, wire.Welcome)
    bones = welcome.skeleton
    skeleton = Skeleton(tuple(bones.names), tuple(bones.parents), floats(bones.offsets, -1, 3))
    places = []
    for pose in replies:
        if isinstance(pose, wire.Pose):
            roots, rotations = bodies(pose.data, pose.count, pose.joints)
            places.append(forward_kinematics(skeleton, rotations.astype(np.float64), roots.astype(np.float64))[0][0])
    return np.array(places, np.float32)


def main() -> None:
    """Write both files."""
    heard = record()
    (FOLDER / "session.bin").write_bytes(b"".join(struct.pack("<I", len(message)) + message for message in heard))
    npy = io.BytesIO()
    np.lib.format.write_array(npy, joints(heard), version=(1, 0))
    (FOLDER / "session_joints.npy").write_bytes(npy.getvalue())


if __name__ == "__main__":
    main()
