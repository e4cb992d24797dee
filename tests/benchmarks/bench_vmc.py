"""A frame of one character as VMC packets, beside python-osc's encoder:  python tests/benchmarks/bench_vmc.py [--json]

python-osc builds the same two bundles message by message from the same numbers; sending is one frame into a loopback port that reads.
"""

import json
import socket
import sys
import timeit
from collections.abc import Callable

import numpy as np
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from scipy.spatial.transform import Rotation

from motionwire.broadcast.vmc_packets import Packets
from motionwire.motion.skeleton import JOINTS, REFERENCE

ROUNDS = 7  # the best counts: other work on the machine only ever slows a round
SECONDS = 0.3  # of each round, about

Message = tuple[str, list[object]]


def with_python_osc(bundles: list[list[Message]]) -> list[bytes]:
    made = []
    for messages in bundles:
        bundle = OscBundleBuilder(IMMEDIATELY)
        for address, arguments in messages:
            message = OscMessageBuilder(address)
            for argument in arguments:
                message.add_arg(argument)
            bundle.add_content(message.build())
        made.append(bundle.build().dgram)
    return made


def microseconds(work: Callable[[], object]) -> float:
    """One call, the best of ROUNDS."""
    timer = timeit.Timer(work)
    number = max(1, round(timer.autorange()[0] * SECONDS / 0.2))
    return min(timer.repeat(ROUNDS, number)) / number * 1e6


def main() -> None:
    packets = Packets(REFERENCE)
    rotations = Rotation.random(JOINTS, random_state=0).as_quat().astype(np.float32)
    root = np.array([1.0, 0.9, -2.0], np.float32)
    frame = packets.fill(root, rotations, 1.5)
    bundles = [[(message.address, list(message.params)) for message in OscBundle(bytes(packet))] for packet in frame]
    assert with_python_osc(bundles) == [bytes(packet) for packet in frame]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        receiver.bind(("127.0.0.1", 0))
        address = receiver.getsockname()

        def exchange() -> None:
            for packet in frame:
                sender.sendto(packet, address)
                receiver.recv(2048)

        figures = {
            "fill_us": microseconds(lambda: packets.fill(root, rotations, 1.5)),
            "python_osc_us": microseconds(lambda: with_python_osc(bundles)),
            "send_and_receive_us": microseconds(exchange),
        }
    if "--json" in sys.argv[1:]:
        print(json.dumps({name: round(value, 2) for name, value in figures.items()}))
    else:
        for name, value in figures.items():
            print(f"{name:>20}  {value:8.2f}")


if __name__ == "__main__":
    main()
