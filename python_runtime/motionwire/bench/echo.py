"""The floor of a round trip: a bare pyzmq process that answers each request with as many bytes as a pose has.

`python -m motionwire.bench.echo BYTES` prints its endpoint and runs until standard input closes.
"""

import sys

import zmq


def main() -> None:
    """Echo until standard input closes."""
    answer = bytes(int(sys.argv[1]))
    socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.ROUTER)
    socket.bind("tcp://127.0.0.1:*")
    print(socket.getsockopt_string(zmq.LAST_ENDPOINT), flush=True)
    poller = zmq.Poller()
    poller.register(socket, zmq.POLLIN)
    poller.register(sys.stdin.fileno(), zmq.POLLIN)
    while sys.stdin.fileno() not in dict(poller.poll()):
        identity, _ = socket.recv_multipart()
        socket.send_multipart((identity, answer))


if __name__ == "__main__":
    main()
