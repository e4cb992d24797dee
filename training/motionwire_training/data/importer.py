"""The import itself: one process reads, all cores parse and retarget, finished chunks stay on disk, shards come last.

    OUT/.import/         chunks while it runs (see chunks.py); gone when it has finished
    OUT/shards/          {train,val}-%05d.tar
    OUT/report.json, report.html, clips.jsonl
    OUT/dataset.json     written last: a folder that has it is complete

Memory is bounded by the chunks in flight (two more than there are workers), not by the data.
"""

import hashlib
import multiprocessing
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from multiprocessing.connection import wait as wait_for
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from motionwire import rigs
from motionwire.children import DIED, deaf_to_ctrl_c, end_by_ctrl_c
from motionwire.cores import usable_cores
from motionwire.errors import InputError
from motionwire.motion.profile import Profile
from motionwire_training.data import chunks
from motionwire_training.data.assemble import assemble
from motionwire_training.data.items import Job
from motionwire_training.data.shards import read_dataset
from motionwire_training.data.sources import FilesSource, Source, expand, unique
from motionwire_training.data.told import Seen, tell_free, warn_of_rejected, warn_of_replacing

WORK_FOLDER = ".import"


def import_sources(paths: Sequence[Path], out: Path, workers: int | None = None, own: Sequence[Profile] = ()) -> dict:
    """Import SOURCE... into `out` and return its dataset.json; own: profiles of rigs beside the built-in ones. Raises InputError for what
    the user can mend."""
    console = Console(stderr=True)
    workers = workers or usable_cores()
    if workers < 1:
        raise InputError(f"{workers} workers cannot import anything")
    sources = expand(paths)
    for path, source in zip(paths, sources, strict=True):
        if isinstance(source, FilesSource) and path.is_dir() and out.resolve().is_relative_to(path.resolve()):
            raise InputError(f"lies in the source {path}, whose clips it would be taken for; give another --out", out)
    inputs = fingerprint(sources, own)
    if (out / "dataset.json").is_file():
        before = read_dataset(out)
        if before.get("inputs") == inputs:
            console.print(f"{out} holds exactly this already; nothing to do")
            return before
        warn_of_replacing(console, out, before)
    existed = out.exists()
    folder = out / WORK_FOLDER
    resumed = folder.is_dir()
    if out.is_dir() and not resumed and not (out / "dataset.json").is_file() and next(out.iterdir(), None) is not None:
        raise InputError("holds other files than a data set; give another --out", out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made a folder: {error.strerror}", out) from error
    try:
        total = sum(source.count() for source in sources)
        seen = Seen()
        jobs = unique(chain.from_iterable(seen.watched(source) for source in sources), set())
        names = run_chunks(jobs, folder, workers, total, console, own)
        seen.warn(console)
        dataset = assemble(out, folder, names, inputs, total)
        warn_of_rejected(console, (record for name in names for record in chunks.records(folder, name)))
        tell_free(console, dataset)
    except (InputError, OSError, BrokenProcessPool) as error:
        # A wrong source leaves nothing behind; a full disk or a killed worker leaves the finished chunks to go on from.
        if not resumed and (isinstance(error, InputError) or not chunks.any_finished(folder)):
            shutil.rmtree(folder, ignore_errors=True)
            if not existed:
                out.rmdir()
        if isinstance(error, InputError):
            raise
        if isinstance(error, BrokenProcessPool):
            raise InputError(f"{DIED}; the same command goes on where it was, with fewer --workers it needs less", out) from None
        raise InputError(error.strerror or str(error), error.filename or out) from None
    shutil.rmtree(folder)
    return dataset


def run_chunks(jobs: Iterator[Job], folder: Path, workers: int, total: int, console: Console, own: Sequence[Profile] = ()) -> list[str]:
    """Have every chunk processed that is not finished yet; returns all chunk names in order."""
    names: list[str] = []
    running: dict[Future[int], int] = {}
    progress = Progress(
        TextColumn("importing"), BarColumn(), MofNCompleteColumn(), TextColumn("clips"), TimeElapsedColumn(), TimeRemainingColumn(),
        console=console, disable=not console.is_terminal,
    )  # fmt: skip
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # inherited by the workers: one core each
    context = multiprocessing.get_context("spawn")
    with progress, ProcessPoolExecutor(workers, mp_context=context, initializer=end_with_parent) as pool:
        bar = progress.add_task("", total=total)

        def collect(limit: int) -> None:
            """Wait until fewer than `limit` chunks are in flight."""
            while len(running) >= limit:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    progress.advance(bar, running.pop(future))
                    future.result()

        try:
            for group in chunks.chunked(jobs):
                name = chunks.chunk_id(group, own)
                names.append(name)
                if chunks.is_finished(folder, name):
                    progress.advance(bar, len(group))
                    continue
                collect(workers + 2)
                with deaf_to_ctrl_c():
                    running[pool.submit(chunks.work, folder, name, group, own)] = len(group)
            collect(1)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return names


def end_with_parent() -> None:
    """Worker start: leave at once when the importing process is gone, else a killed import leaves its workers behind."""
    end_by_ctrl_c()
    parent = multiprocessing.parent_process()
    if parent is not None:
        sentinel = parent.sentinel

        def watch() -> None:
            wait_for([sentinel])
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


def fingerprint(sources: Sequence[Source], own: Sequence[Profile] = ()) -> str:
    """Hash of the sources' files by name, size and time of change, of the profiles and of what this release makes of them: what tells an
    import that has been done already."""
    hasher = hashlib.blake2b(chunks.release().encode(), digest_size=12)
    for source in sources:
        for path in source.files():
            status = path.stat() if path.exists() else None
            hasher.update(os.fsencode(path.resolve()) + f"|{status and (status.st_size, status.st_mtime_ns)}\n".encode())
    hasher.update("".join(map(repr, own)).encode())
    return hasher.hexdigest()


def main(paths: Sequence[Path], out: Path, workers: int = 0, from_rig: Sequence[str] = ()) -> None:
    """`motionwire-train import`; 0 workers mean one per core."""
    try:
        dataset = import_sources(paths, out, workers or None, [rigs.profile(rig) for rig in from_rig])
    except KeyboardInterrupt:
        if chunks.any_finished(out / WORK_FOLDER):
            Console(stderr=True).print("stopped; the same command goes on from here")
        raise
    clips = ", ".join(f"{count} {split}" for split, count in dataset["clips"].items()) or "no"
    done = f"{out}: {clips} clips, {dataset['minutes']:.0f} minutes, version {dataset['version']}; see {out / 'report.html'}"
    Console(soft_wrap=True, highlight=False).print(done, markup=False)
