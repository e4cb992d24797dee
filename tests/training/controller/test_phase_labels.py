"""Phase labels from files: both forms read to the same phase, resampled, joined to the soft phase, and wrong files told in a line."""

import json
from pathlib import Path

import numpy as np
import pytest

from motionwire.errors import InputError
from motionwire.motion.contacts import soft_contacts
from motionwire.motion.phase import soft_phase
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.data import Windows
from motionwire_training.controller.phase_labels import Label, check_names, labelled_phase, read_phase_labels
from motionwire_training.controller.preparation import prepare
from synthetic import walking_clip
from training.controller.tiny_data import write_dataset


def table(folder: Path, *rows: str, header: str = "clip,time_s,phase_cycles") -> Path:
    path = folder / "phases.csv"
    path.write_text("\n".join((header, *rows)) + "\n")
    return path


def lines(folder: Path, *values: object, name: str = "walk.phase") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join(map(str, values)) + "\n")
    return folder


def test_sparse_rows_give_every_frame_its_phase(tmp_path: Path) -> None:
    labels = read_phase_labels(table(tmp_path, "walk,0.5,0", "walk,1.0,0.5", "walk,1.5,0", "walk,2.5,0.75", "other,0,0.2"))
    assert set(labels.clips) == {"walk", "other"}
    cycles = labels.clips["walk"].at(np.array([0.4, 0.5, 0.75, 1.25, 1.5, 2.0, 2.6]), 3.0)
    np.testing.assert_allclose(cycles, [np.nan, 0, 0.25, 0.75, 1, 1.375, np.nan])


def test_radians_counted_on_and_cycles_say_the_same(tmp_path: Path) -> None:
    turns = np.arange(20) * 0.45
    times = np.arange(20) * 0.5
    pairs = list(zip(times, turns, strict=True))
    wrapped = read_phase_labels(table(tmp_path, *(f"a,{t},{v % 1}" for t, v in pairs))).clips["a"]
    counted = read_phase_labels(table(tmp_path, *(f"a,{t},{v}" for t, v in pairs))).clips["a"]
    radians = read_phase_labels(
        table(tmp_path, *(f"{t},a,{v * 2 * np.pi % (2 * np.pi)}" for t, v in pairs), header="time_s,clip,phase_rad")
    ).clips["a"]
    for label in (wrapped, counted, radians):
        np.testing.assert_allclose(label.cycles, turns, atol=1e-9)


@pytest.mark.parametrize("fps", [30, 120])
def test_a_phase_file_has_one_value_a_frame_of_the_recording(tmp_path: Path, fps: int) -> None:
    folder = lines(tmp_path / "phases", *np.round(np.mod(np.arange(4 * fps) / fps * 0.9 + 0.6, 1), 6))
    cycles = read_phase_labels(folder).clips["walk"].at(np.arange(200) / 60, 4.0)
    np.testing.assert_allclose(cycles, 0.6 + np.arange(200) / 60 * 0.9, atol=1e-4)


def test_a_standing_phase_may_rest(tmp_path: Path) -> None:
    label = read_phase_labels(lines(tmp_path / "phases", *([0.25] * 60), *np.linspace(0.25, 0.75, 60))).clips["walk"]
    assert label.at(np.array([0.5]), 2.0) == pytest.approx(0.25)


def test_the_digest_changes_with_the_labels(tmp_path: Path) -> None:
    digests = {read_phase_labels(lines(tmp_path / f"{k}", *([value] * 60))).digest for k, value in enumerate((0.1, 0.2, 0.2))}
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("rows", "header", "message"),
    [
        ((), "clip,time_s,phase_cycles", "holds no label"),
        (("walk,0,0",), "clip,frame,phase", "needs the columns clip, time_s and one of phase_cycles, phase_rad"),
        (("walk,0,0,0",), "clip,time_s,phase_cycles,phase_rad", "needs the columns"),
        (("walk,0",), "clip,time_s,phase_cycles", "line 2: has more or fewer fields"),
        (("walk,0,0", "walk,x,0.1"), "clip,time_s,phase_cycles", "line 3: 'x' is no number"),
        (("walk,0,nan",), "clip,time_s,phase_cycles", "line 2: 'nan' is no number"),
        (("walk,1,0", "walk,0.5,0.1"), "clip,time_s,phase_cycles", "line 3: 0.5 s of 'walk' does not come after 1 s"),
        (("walk,0,0.5", "walk,0.1,0.4"), "clip,time_s,phase_cycles", "walk: the phase moves by 0.90 cycles within 0.100 s at 0.00 s"),
    ],
)
def test_a_wrong_table_is_one_line(tmp_path: Path, rows: tuple[str, ...], header: str, message: str) -> None:
    with pytest.raises(InputError, match=r"phases\.csv") as caught:
        read_phase_labels(table(tmp_path, *rows, header=header))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((), "holds no number"),
        ((0.1, "left"), "line 2: 'left' is no number"),
        ((0.1, 3.0), "3 is not in 0..1"),
        (np.arange(12) / 12, "12 values are not one for each frame of 4.0 s"),
        (np.mod(np.arange(240) / 60 * -1.0, 1), "does it run back?"),
    ],
)
def test_a_wrong_phase_file_is_one_line(tmp_path: Path, values: tuple[object, ...], message: str) -> None:
    with pytest.raises(InputError, match=r"walk\.phase") as caught:
        read_phase_labels(lines(tmp_path / "phases", *values)).clips["walk"].at(np.arange(240) / 60, 4.0)
    assert message in str(caught.value)


def test_what_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_phase_labels(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match=r"no \.phase file"):
        read_phase_labels(tmp_path)
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not UTF-8"):
        read_phase_labels(tmp_path / "binary.csv")


def test_labels_of_unknown_clips_are_told(tmp_path: Path) -> None:
    labels = read_phase_labels(table(tmp_path, "walk,0,0", "wlak,0,0"))
    with pytest.raises(InputError, match=r"clips\.jsonl: cannot be read"):
        check_names(labels, tmp_path)
    (tmp_path / "clips.jsonl").write_text("".join(json.dumps({"key": name}) + "\n" for name in ("walk", "run")))
    with pytest.raises(InputError, match="labels 'wlak', which is no clip"):
        check_names(labels, tmp_path)


def soft(frames: int = 360) -> tuple[np.ndarray, np.ndarray]:
    return soft_phase(soft_contacts(walking_clip(frames / 60, fps=60.0, stride_hz=1.0)), 60.0)


def apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.abs(np.angle(np.exp(1j * (a - b)))) / (2 * np.pi)


def test_labels_take_the_place_of_the_soft_phase_and_join_it() -> None:
    phase, confidence = soft()
    cycles = np.full(360, np.nan)
    cycles[60:300] = 0.37 + np.arange(60, 300) / 60 + 0.05 * np.sin(np.arange(240) / 15)  # their own zero, their own opinion
    made, certain = labelled_phase(cycles, phase, confidence * 0.9)
    step = np.diff(np.unwrap(made.astype(float)))
    np.testing.assert_allclose(step[60:299], 2 * np.pi * np.diff(cycles[60:300]), atol=1e-5)
    np.testing.assert_allclose(step[:60], np.diff(np.unwrap(phase.astype(float)))[:60], atol=1e-5)
    assert (certain[60:300] == 1).all()
    np.testing.assert_allclose(certain[:60], confidence[:60] * 0.9)
    assert apart(made, phase).max() < 0.07  # the zero is that of the soft phase


def test_where_the_soft_phase_knows_nothing_labels_are_as_written() -> None:
    cycles = 0.3 + np.arange(100) / 60
    made, certain = labelled_phase(cycles, np.zeros(100, np.float32), np.full(100, 0.1, np.float32))
    np.testing.assert_allclose(apart(made, 2 * np.pi * cycles), 0, atol=1e-6)
    assert (certain == 1).all()


def test_a_clip_without_labels_keeps_the_soft_phase() -> None:
    phase, confidence = soft(120)
    label = Label(np.array([0.0, 1.0]), np.array([50.0, 51.0]), "far away")
    made, certain = labelled_phase(label.at(np.arange(120) / 60, 2.0), phase, confidence)
    np.testing.assert_array_equal(made, phase)
    np.testing.assert_array_equal(certain, confidence)


def config(data: Path, labels: Path | str) -> ControllerConfig:
    return ControllerConfig(
        data=str(data),
        out="none",
        licence="free",
        time_scales=[1.0, 0.85],
        transitions=4,
        redirected=0.0,
        steered=0.0,
        bends=1,
        phase_labels=str(labels),
    )


def test_training_learns_the_labels_of_labelled_clips_only(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    (data / "clips.jsonl").write_text("".join(json.dumps({"key": f"train{number}"}) + "\n" for number in range(4)))
    fast = 1.17 * np.arange(9) / 2  # cycles, of a walk whose own stride is 0.95 Hz
    labels = table(tmp_path, *(f"train0,{time / 2},{cycles:.4f}" for time, cycles in enumerate(fast)))
    plain, labelled = prepare(config(data, ""), "train", "test"), prepare(config(data, labels), "train", "test")
    assert len(plain) == len(labelled)
    speed = labelled.columns["phase_delta"] * 60 / (2 * np.pi)
    own = labelled.columns["take"]
    for take, hertz in ((0, 1.17), (1, 1.17), (2, 1.17 * 0.85), (3, 1.17 * 0.85)):  # as it is and bent, then the same played slower
        np.testing.assert_allclose(speed[own == take][5:-5], hertz, rtol=0.01)
    others = own >= 4
    assert others.any()
    np.testing.assert_array_equal(labelled.columns["phase"][others], plain.columns["phase"][others])

    windows = Windows(labelled, config(data, labels))
    straight, mirrored = (windows.read(windows.as_recorded(np.array([20]), mirrored=side), 4) for side in (False, True))
    np.testing.assert_allclose(apart(mirrored["phase"].numpy(), straight["phase"].numpy() + np.pi), 0, atol=1e-5)
    np.testing.assert_allclose(mirrored["phase_delta"].numpy(), straight["phase_delta"].numpy())


def test_a_misspelled_clip_stops_the_training_before_it_begins(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    (data / "clips.jsonl").write_text('{"key": "train0"}\n')
    with pytest.raises(InputError, match="labels 'tarin0'"):
        prepare(config(data, table(tmp_path, "tarin0,0,0")), "train", "test")
    assert not list(data.glob("controller-*"))
