"""CURVE for ZeroMQ clients that have it: key files, the server's options and the client's.

Key files are those of `zmq.auth`: NAME.key holds the public key, NAME.key_secret both. See http://rfc.zeromq.org/spec:26.
"""

import os
from pathlib import Path

import zmq
import zmq.auth
from zmq.utils import z85

from motionwire.errors import InputError


def create(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a key pair; the files of the public and the secret key, the secret one for its owner's eyes only. Raises InputError."""
    if not name or Path(name).name != name or name.startswith("."):
        raise InputError("not a name for a file", name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(error.strerror or str(error), folder) from None
    for suffix in (".key", ".key_secret"):
        if (folder / (name + suffix)).exists():
            raise InputError("is there already", folder / (name + suffix))
    before = os.umask(0o077)
    try:
        public, secret = zmq.auth.create_certificates(folder, name)
    finally:
        os.umask(before)
    Path(public).chmod(0o644)
    return Path(public), Path(secret)


def load(path: Path) -> tuple[bytes, bytes | None]:
    """The public and, if the file has it, the secret key; raises InputError."""
    try:
        public, secret = zmq.auth.load_certificate(path)
    except OSError as error:
        raise InputError(error.strerror or "no such key file", path) from None
    except ValueError:
        raise InputError("not a key file: no public key in it", path) from None
    if any(key is not None and len(key) != 40 for key in (public, secret)):
        raise InputError("not a key file: a key has 40 characters", path)
    return public, secret


def load_pair(path: Path) -> tuple[bytes, bytes]:
    """Public and secret key of a .key_secret file; raises InputError."""
    public, secret = load(path)
    if secret is None:
        raise InputError("holds no secret key; name the .key_secret file", path)
    return public, secret


def protect(socket: "zmq.Socket[bytes]", key: Path, clients: Path) -> frozenset[bytes]:
    """Make a socket that is not bound yet speak CURVE only; the public keys in the folder, 32 bytes each, of whom to let in (doorman.py).
    Raises InputError."""
    if not clients.is_dir():
        raise InputError("no such folder of client keys", clients)
    known = frozenset(z85.decode(load(path)[0]) for path in clients.glob("*.key"))
    socket.curve_server = True
    socket.curve_publickey, socket.curve_secretkey = load_pair(key)
    return known


def dress(socket: "zmq.Socket[bytes]", server_key: Path, own_key: Path) -> None:
    """Make a client's socket speak CURVE: the server's public key file and its own secret one; raises InputError."""
    socket.curve_serverkey = load(server_key)[0]
    socket.curve_publickey, socket.curve_secretkey = load_pair(own_key)
