"""Runs of many clips: names, resuming, failures of single items and of processes, the same clips whoever makes them."""

import hashlib
import json
import multiprocessing
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest

from motionwire import formats
from motionwire.bundle import Bundle
from motionwire.motion.retarget import fit_to
from motionwire.motion.skeleton import REFERENCE, canonical
from motionwire.offline import run, workers
from motionwire.offline.asked import variants
from motionwire.offline.maker import Maker, Outcome
from motionwire.offline.order import Item, Order
from motionwire.offline.sheet import write_sheet
from motionwire.rigs.guess import guess
from motionwire.rigs.write import to_toml
from synthetic import walking_clip
from toy_models import toy_bundle

TEXT = "a person walks"


def order_for(folder: Path, **options: object) -> Order:
    folder.mkdir(exist_ok=True)
    return Order(bundle=str(toy_bundle()), folder=str(folder), extension=".bvh", **options)  # type: ignore[arg-type]


def items(count: int, seconds: float = 0.4) -> list[Item]:
    return list(variants("test", [(TEXT, seconds)], 0, count))


def contents(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def made(order: Order, wanted: list[Item], processes: int = 1) -> list[Outcome]:
    return list(run.make(order, wanted, processes))


def test_a_clip_and_what_is_told_of_it(tmp_path: Path) -> None:
    (outcome,) = made(order_for(tmp_path), items(1, 1.0))
    assert outcome == Outcome(outcome.item, "a-person-walks_s0.bvh", 1.0)
    clip = formats.read(tmp_path / outcome.file)
    told = json.loads((tmp_path / f"{outcome.file}.json").read_text())
    assert len(clip) == 30 and told["sentence"] == TEXT and told["seed"] == 0 and told["seconds"] == 1.0
    assert told["bundle"] == "toy" and "commercial use allowed" in told["licence"]
    assert set(told["quality"]) == {"weighted_skate_cm_s", "jerk_m_s3", "contact_breaks_per_s"}


def test_a_second_run_makes_only_what_is_missing(tmp_path: Path) -> None:
    order = order_for(tmp_path)
    fingerprint = order.fingerprint(Bundle.load(order.bundle))
    wanted = [*items(4), *items(2)]  # twice the same sentence and seed: two files
    to_make, done = run.split(order, wanted, fingerprint)
    assert len(to_make) == 6 and not done
    assert [item.stem for item in to_make[4:]] == ["a-person-walks_s0_2", "a-person-walks_s1_2"]
    made(order, to_make)
    before = contents(tmp_path)
    (tmp_path / "a-person-walks_s2.bvh").unlink()  # as if killed between the JSON and its clip
    (tmp_path / "a-person-walks_s3.bvh.json").unlink()  # now it could be anybody's
    to_make, done = run.split(order, wanted, fingerprint)
    assert [item.stem for item in to_make] == ["a-person-walks_s2", "a-person-walks_s3_2"] and len(done) == 4
    made(order, to_make)
    assert contents(tmp_path)["a-person-walks_s2.bvh"] == before["a-person-walks_s2.bvh"]
    assert not run.split(order, wanted, fingerprint)[0]


def test_other_options_do_not_overwrite(tmp_path: Path) -> None:
    made(order_for(tmp_path), items(1))
    other = order_for(tmp_path, guidance=5.0)
    (named,), done = run.split(other, items(1), other.fingerprint(Bundle.load(other.bundle)))
    assert named.stem == "a-person-walks_s0_2" and not done
    fingerprints = {
        order_for(tmp_path, loop=loop, fps=fps).fingerprint(Bundle.load(other.bundle)) for loop in (False, True) for fps in (None, 60.0)
    }
    assert len(fingerprints) == 4


def test_the_motion_gone_on_from_counts_by_its_content(tmp_path: Path) -> None:
    past = tmp_path / "past.npz"
    formats.write(walking_clip(1.0), past)
    order = order_for(tmp_path / "out", past=str(past))
    bundle = Bundle.load(order.bundle)
    before = order.fingerprint(bundle)
    formats.write(walking_clip(1.5), past)
    assert order.fingerprint(bundle) != before


def test_the_character_that_a_rig_names_counts_by_its_content(tmp_path: Path) -> None:
    character = tmp_path / "hero.bvh"
    formats.write(walking_clip(0.1), character)
    (tmp_path / "hero.toml").write_text(to_toml(guess(character), character, tmp_path))
    order = order_for(tmp_path / "out", rig=str(tmp_path / "hero.toml"))
    bundle = Bundle.load(order.bundle)
    before = order.fingerprint(bundle)
    formats.write(fit_to(walking_clip(0.1), canonical(REFERENCE.offsets * np.float32(1.1))), character)
    assert order.fingerprint(bundle) != before


def test_processes_make_the_same_clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "WORTH_A_PROCESS", 1)
    alone, together = order_for(tmp_path / "alone"), order_for(tmp_path / "together")
    wanted = [*items(5), Item("test:9", [(TEXT, 500.0)], 0, "too-long")]
    one, two = made(alone, wanted), made(together, wanted, 2)
    assert contents(tmp_path / "alone") == contents(tmp_path / "together") and len(contents(tmp_path / "alone")) == 10
    for outcomes in (one, two):
        assert [(o.item.where, "seconds is not between" in o.error) for o in outcomes if o.error] == [("test:9", True)]


def test_an_order_that_no_process_can_fill_fails_each_item(tmp_path: Path) -> None:
    outcomes = list(workers.make_all(order_for(tmp_path, rig="nobody"), items(3), 1))
    assert len(outcomes) == 3 and all("nobody" in outcome.error for outcome in outcomes)


def test_a_process_that_dies_loses_what_it_had_in_hand_and_no_more(tmp_path: Path) -> None:
    wanted = items(80, 1.0)
    outcomes = workers.make_all(order_for(tmp_path), iter(wanted), 2)
    first = next(outcomes)
    multiprocessing.active_children()[-1].kill()
    rest = [first, *outcomes]
    lost = [outcome for outcome in rest if outcome.error]
    assert {outcome.item.stem for outcome in rest} == {item.stem for item in wanted}
    assert 1 <= len(lost) <= workers.LANES + workers.AHEAD
    assert all("died (exit code -9)" in outcome.error for outcome in lost)


def test_a_run_killed_in_the_middle_goes_on(tmp_path: Path) -> None:
    """SIGKILL while clips are being written: whole files only, and the next run adds the rest without making any again."""
    order = order_for(tmp_path / "out")
    fingerprint = order.fingerprint(Bundle.load(order.bundle))
    wanted = items(40, 2.0)
    program = "import sys, msgspec; from motionwire.offline import run; from motionwire.offline.order import Item, Order\n"
    program += (
        "order, items = msgspec.json.decode(sys.stdin.read(), type=tuple[Order, list[Item]])\nfor _ in run.make(order, items, 1): pass"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(msgspec.json.encode((order, wanted)))
    process.stdin.close()
    deadline = time.monotonic() + 60
    while len(list((tmp_path / "out").glob("*.bvh"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.002)
    process.kill()
    process.wait()
    left = contents(tmp_path / "out")
    clips = [name for name in left if name.endswith(".bvh") and not name.startswith(".")]
    assert 3 <= len(clips) < 40
    for name in clips:
        assert len(formats.read(tmp_path / "out" / name)) == 60
    to_make, done = run.split(order, wanted, fingerprint)
    assert {f"{item.stem}.bvh" for item in done} == set(clips) and len(to_make) == 40 - len(clips)
    made(order, to_make)
    after = contents(tmp_path / "out")
    assert {name: after[name] for name in clips} == {name: left[name] for name in clips}
    assert len([name for name in after if name.endswith(".bvh")]) == 40


def test_a_clip_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = Maker(order_for(tmp_path))

    def full(clip: object, path: Path) -> None:
        raise formats.registry.InputError("cannot write: No space left on device", path)

    monkeypatch.setattr(formats, "write", full)
    outcomes = list(maker.make(items(2)))
    assert all("No space left" in outcome.error for outcome in outcomes) and not contents(tmp_path)


def test_options_reach_the_file(tmp_path: Path) -> None:
    order = order_for(tmp_path, fps=60.0, rig="mixamo", lock_feet=True, smooth="savitzky-golay", ground=True, in_place=True)
    (outcome,) = made(order, items(1, 1.0))
    assert not outcome.error
    clip = formats.read(tmp_path / outcome.file)
    assert clip.fps == pytest.approx(60) and any("Hips" in name for name in clip.skeleton.names)
    assert np.ptp(formats.read_canonical(tmp_path / outcome.file).root_positions[:, ::2], axis=0).max() < 1


def test_the_sheet_shows_sentences_as_text(tmp_path: Path) -> None:
    evil = '</script><script>alert(1)</script>" onload="alert(2)'
    order = order_for(tmp_path)
    made(order, [Item("test", [(evil, 0.4)], 0, "evil"), *items(2)])
    (tmp_path / "other.json").write_text('{"sentence": 3}')
    (tmp_path / "gone.bvh.json").write_bytes((tmp_path / "evil.bvh.json").read_bytes())
    write_sheet(tmp_path)
    page = (tmp_path / "index.html").read_text()
    assert page.count("<figure") == 3 and page.count("<script") == 1 and "&lt;/script&gt;" in page and 'onload="' not in page
    assert "default-src 'none'" in page and "{{" not in page
