"""Ports and folders: who sits on the server's port, and where compiled code is kept."""

import errno
import os
import socket
from pathlib import Path

from motionwire.client import Client, ConnectionLostError, ServerError
from motionwire.kernels import cache_folder, other_versions
from motionwire.server.settings import DEFAULT_HOST

PATIENCE_S = 1.0


def port(number: int) -> dict[str, object]:
    """Whether a server could bind this loopback port, and who is there if not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((DEFAULT_HOST, number))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            return {"free": False, "by": _who(number) if taken else None, "error": error.strerror}
    return {"free": True}


def _who(number: int) -> str | None:
    """The server at a port in its own words, None when it is none of ours."""
    try:
        with Client(f"tcp://{DEFAULT_HOST}:{number}", timeout=PATIENCE_S, name="motionwire doctor") as client:
            return client.welcome.server
    except ServerError as error:
        return f"a Motionwire server ({error.code})"
    except ConnectionLostError:
        return None


def caches() -> dict[str, dict[str, object]]:
    """Folders that Motionwire writes to by itself: path None where none can be written, and then compiling starts anew each time."""
    folder = cache_folder()
    others = [] if folder is None else other_versions(folder)
    files, bytes_ = _held([] if folder is None else [folder])
    return {
        "kernels": {
            "path": None if folder is None else str(folder),
            "writable": folder is not None and os.access(folder, os.W_OK),
            "files": files,
            "bytes": bytes_,
            "other_versions": len(others),
            "other_versions_bytes": _held(others)[1],
        }
    }


def _held(folders: list[Path]) -> tuple[int, int]:
    """How many files there are below these folders, and their bytes."""
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return len(files), sum(_size(path) for path in files)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # removed meanwhile
        return 0
