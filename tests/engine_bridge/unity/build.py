"""Compiles the C# core and its console program with Debian's Mono, once for unchanged sources, into the git-ignored build/unity.

`build()` gives the words that start the console program (console/Program.cs says what it takes): "csharp_jit" compiled as it runs,
"csharp_aot" fully ahead of time, framework included, with the compiler inside the runtime switched off, as IL2CPP and iOS demand it.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PACKAGE = ROOT / "engine_bridge" / "unity" / "com.motionwire.client"
FOLDER = ROOT / "build" / "unity"
MCS = ("mcs", "-langversion:7.2", "-warn:4", "-warnaserror+", "-optimize+", "-nologo")
NEWER = ("-d:MOTIONWIRE_INPUT_SYSTEM", "-d:ENABLE_INPUT_SYSTEM", "-d:UNITY_2023_1_OR_NEWER", "-d:UNITY_WEBGL")
TOOLS = ("mcs", "mono", "as", "ld")  # mono-mcs, mono-runtime, binutils
NUNIT = Path("/usr/lib/cli/nunit.framework-2.6.3/nunit.framework.dll")
FRAMEWORK = Path("/usr/lib/mono/4.5")
FRAMEWORK_PARTS = (
    "mscorlib", "System", "System.Core", "System.Xml", "System.Configuration", "System.Security", "System.Numerics", "Mono.Security",
)  # fmt: skip


class ToolchainMissingError(Exception):
    """This machine has no Mono."""


def build() -> dict[str, list[str]]:
    """The console program's command, just-in-time and fully ahead-of-time compiled. Raises ToolchainMissingError."""
    core = compile_core()
    console = compile_cs("Motionwire.Console.exe", sources(HERE / "console"), [core], ["System.Core.dll"])
    return {"csharp_jit": ["mono", str(console)], "csharp_aot": _ahead_of_time(core, console)}


def compile_core() -> Path:
    """The package's Runtime/Core as an assembly."""
    return compile_cs("Motionwire.Core.dll", sources(PACKAGE / "Runtime" / "Core"), (), (), "-unsafe")


def compile_tests() -> list[Path]:
    """The Unity layer against the stand-ins for the engine (stubs/), with either input system, its editor part and samples; then the test
    assemblies: the package's own two and those that need the stand-ins (nunit/)."""
    core = compile_core()
    engine = compile_cs("UnityEngine.dll", sources(HERE / "stubs"))
    runtime = sources(PACKAGE / "Runtime" / "Unity")
    compile_cs("newer/Motionwire.dll", runtime, [core, engine], (), *NEWER)
    layer = compile_cs("Motionwire.dll", runtime, [core, engine])
    editor = compile_cs("Motionwire.Editor.dll", sources(PACKAGE / "Editor"), [core, engine, layer])
    compile_cs("Motionwire.Samples.dll", sources(PACKAGE / "Samples~"), [core, engine, layer])
    nunit = NUNIT if NUNIT.is_file() else None
    if nunit is None or shutil.which("nunit-console") is None:
        raise ToolchainMissingError("no NUnit here (Debian: nunit-console, libnunit-framework2.6.3-cil)")
    (FOLDER / nunit.name).write_bytes(nunit.read_bytes())
    tests = PACKAGE / "Tests"
    pure = compile_cs("Motionwire.Tests.Editor.dll", sources(tests / "Editor"), [core, nunit])
    both = [*sources(tests / "Runtime"), *sources(HERE / "nunit")]
    posed = compile_cs("Motionwire.Tests.Runtime.dll", both, [core, engine, layer, editor, nunit], ["System.Core.dll"])
    return [pure, posed]


def sources(folder: Path) -> list[Path]:
    """All C# files of a folder."""
    return sorted(folder.rglob("*.cs"))


def compile_cs(name: str, files: Sequence[Path], references: Sequence[Path] = (), system: Sequence[str] = (), *more: str) -> Path:
    """One assembly from C# files, in build/unity; the same file again while nothing that it is made of changed."""
    _need_tools()
    out = FOLDER / name
    with _locked(out.name):
        out.parent.mkdir(exist_ok=True)
        state = _fingerprint([*files, *references], *MCS, *system, *more)
        if _is_fresh(out, state):
            return out
        kind = "exe" if out.suffix == ".exe" else "library"
        words = [*MCS, f"-target:{kind}", f"-out:{out}", *(f"-r:{path}" for path in (*references, *system)), *more, *map(str, files)]
        _run(words)
        _mark(out, state)
    return out


def _ahead_of_time(*assemblies: Path) -> list[str]:
    folder = FOLDER / "aot"
    with _locked("aot"):
        folder.mkdir(exist_ok=True)
        environment = {**os.environ, "MONO_PATH": str(folder)}
        version = _run(["mono", "--version=number"])
        framework = [FRAMEWORK / f"{part}.dll" for part in FRAMEWORK_PARTS]
        for group in (framework, assemblies):  # as a group: compiled code holds only with the very assemblies that it was compiled beside
            state = _fingerprint(group, version)
            copies = [folder / source.name for source in group]
            if all(_is_fresh(copy, state) for copy in copies):
                continue
            for source, copy in zip(group, copies, strict=True):
                shutil.copyfile(source, copy)
                copy.with_name(copy.name + ".so").unlink(missing_ok=True)
            for copy in copies:
                _run(["mono", "--aot=full,nodebug", str(copy)], environment)
                _mark(copy, state)
    return ["env", f"MONO_PATH={folder}", "mono", "--full-aot", str(folder / assemblies[-1].name)]


def _need_tools() -> None:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        raise ToolchainMissingError(f"Mono is not complete here: no {', '.join(missing)} (Debian: mono-mcs, mono-runtime, binutils)")


def _run(words: Sequence[str], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words[:4])} ...: {done.stdout}")
    return done.stdout


def _fingerprint(files: Sequence[Path], *words: str) -> str:
    made = hashlib.sha256("\n".join(words).encode())
    for file in files:
        made.update(f"\n{file.name}\n".encode() + file.read_bytes())
    return made.hexdigest()


def _is_fresh(out: Path, state: str) -> bool:
    mark = _mark_of(out)
    return out.is_file() and mark.is_file() and mark.read_text() == state


def _mark(out: Path, state: str) -> None:
    _mark_of(out).write_text(state)


def _mark_of(out: Path) -> Path:
    return out.with_name(out.name + ".made-of")


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """Test processes side by side build once."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
