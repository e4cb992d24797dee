"""The wire in 40 lines: only pyzmq and msgpack. Start `motionwire serve` first, then `python minimal_client.py [ENDPOINT]`."""

import struct
import sys
import time

import msgpack
import zmq

socket = zmq.Context().socket(zmq.DEALER)
socket.connect(sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5588")
socket.setsockopt(zmq.RCVTIMEO, 5000)
socket.setsockopt(zmq.LINGER, 500)


def ask(**fields):
    """Send one message, return the next one: a map with its type 't' and the protocol version 'v'."""
    socket.send(msgpack.packb({"v": 1, **fields}))
    answer = msgpack.unpackb(socket.recv())
    if answer["t"] == "error":
        sys.exit(f"{answer['code']}: {answer['message']}")
    return answer


welcome = ask(t="hello", proto=1, client="minimal_client", engine="python")
joints = welcome["skeleton"]["names"]
print("models:", [model["name"] for model in welcome["models"]], "joints:", len(joints))

ask(t="spawn", character=1, transform=[0.0, 0.0, 0.0, 0.0])  # x, y, z in m, heading in rad
for frame in range(300):
    if frame == 120 and welcome["models"][0]["acts"]:
        ask(t="act", character=1, text="a person dances salsa")
    stick = struct.pack("<4f", 0.0, 1.3, float("nan"), 0)  # velocity x, z in m/s, facing (NaN: where it moves), style
    pose = ask(t="step", seq=frame, characters=[1], input=stick, dt=1 / 60)
    numbers = struct.unpack("<91f", pose["data"])  # root x, y, z, then 22 quaternions x, y, z, w
    if frame % 30 == 0:
        knee = 3 + 4 * joints.index("left_knee")
        print(f"{frame:3}  root {numbers[0]:6.2f} {numbers[1]:5.2f} {numbers[2]:6.2f}  left knee", numbers[knee : knee + 4], pose["events"])
    time.sleep(1 / 60)
ask(t="bye")
