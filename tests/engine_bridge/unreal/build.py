"""Compiles the C++ core's programs into build/unreal of the checkout; nothing is done twice, also not by two processes at once.

`build()` is what benchmarks use: the argument vectors of the client's console program and of the libzmq peer.
"""

import fcntl
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PLUGIN = ROOT / "engine_bridge" / "unreal" / "Motionwire"
FOLDER = ROOT / "build" / "unreal"


class MissingToolchainError(RuntimeError):
    """A compiler or a library is not installed."""


def require(*programs: str) -> None:
    """Raises MissingToolchainError where one of them is not on the path."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        raise MissingToolchainError(f"not installed: {', '.join(missing)}")


def compiled(name: str, compiler: str, options: Sequence[str], targets: Sequence[str]) -> Path:
    """The folder build/unreal/NAME with these targets of CMakeLists.txt made."""
    require("cmake", "make", compiler)
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _run("cmake", "-S", str(HERE), "-B", str(folder), f"-DCMAKE_CXX_COMPILER={compiler}", *options)
        _run("cmake", "--build", str(folder), "--parallel", "2", "--target", *targets)
    return folder


def release() -> Path:
    """g++ -O2: the console program, the libzmq peer and the core's tests."""
    if not Path("/usr/include/zmq.h").is_file():
        raise MissingToolchainError("not installed: libzmq3-dev")
    options = ["-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS_RELEASE=-O2", "-DMOTIONWIRE_LIBZMQ=ON"]
    return compiled("release", "g++", options, ["console", "libzmq_peer", "core_tests"])


def sanitized() -> Path:
    """clang++ with AddressSanitizer and UndefinedBehaviorSanitizer: console, core_tests, live_tests."""
    options = ["-DCMAKE_CXX_FLAGS=-O1", "-DMOTIONWIRE_SANITIZE=address,undefined"]
    return compiled("sanitized", "clang++", options, ["console", "core_tests", "live_tests"])


def watched_threads() -> Path:
    """clang++ with ThreadSanitizer: console, live_tests."""
    return compiled("threads", "clang++", ["-DCMAKE_CXX_FLAGS=-O1", "-DMOTIONWIRE_SANITIZE=thread"], ["console", "live_tests"])


def windows() -> Path:
    """MinGW's g++, for Windows: core_tests.exe and live_tests.exe, which nothing here can run."""
    options = ["-DCMAKE_SYSTEM_NAME=Windows", "-DCMAKE_CXX_FLAGS=-O0"]
    return compiled("windows", "x86_64-w64-mingw32-g++-posix", options, ["core_tests", "live_tests"])


def fuzzers() -> Path:
    """clang++ with libFuzzer and both sanitizers: fuzz_msgpack, fuzz_zmtp."""
    options = ["-DCMAKE_CXX_FLAGS=-O1", "-DMOTIONWIRE_FUZZ=ON", "-DMOTIONWIRE_SANITIZE=address,undefined"]
    return compiled("fuzz", "clang++", options, ["fuzz_msgpack", "fuzz_zmtp"])


def build() -> dict[str, list[str]]:
    """{"cpp": [program], "libzmq": [program]}; raises MissingToolchainError."""
    folder = release()
    return {"cpp": [str(folder / "console")], "libzmq": [str(folder / "libzmq_peer")]}


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-6000:]}")
