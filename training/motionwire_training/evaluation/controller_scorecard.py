"""The controller's scorecard: scripted players drive it through the run time's own code, and what happened is measured.

Per path: path_error_cm (mean distance of the root from the path after the first three seconds), path_error_p95_cm, speed_m_s along
the way asked for, foot_skate_cm_s (mean horizontal speed of a toe whose contact output is above one half), dead_frames (frames in
stretches of over half a second in which less than a third of the asked velocity happened), response_s (from a flip of the
stick to half of the new velocity), jerk_m_s3 (median over joints and frames), still_m_s (joint speed at the end, where the stick
is at rest), broken_frames (not a number, or a joint below -10 cm or above 2.6 m).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motionwire.bundle import Bundle
from motionwire.controller.controller import Controller, Sessions
from motionwire.controller.intent import Intent
from motionwire.controller.layout import FPS
from motionwire.controller.settings import Settings
from motionwire.errors import InputError
from motionwire.formats.atomic import write_atomically
from motionwire.motion.clip import Clip
from motionwire.motion.kinematics import forward_kinematics
from motionwire.motion.skeleton import JOINT_NAMES, REFERENCE
from motionwire.render import contact_sheet
from motionwire_training.controller.clips import runs_of
from motionwire_training.evaluation.controller_paths import Drive, scorecard_drives

TOES = [JOINT_NAMES.index("left_foot"), JOINT_NAMES.index("right_foot")]
WARM_UP = 3 * FPS
DEAD_SECONDS = 0.5
PICTURE_SCALE = 0.2  # of the tests' length, in pictures


@dataclass(frozen=True, eq=False)
class Recording:
    """T frames of B characters: root positions [T, B, 3], rotations [T, B, 22, 4], contacts [T, B, 4], places [T, B, 2] and asked
    velocities [T, B, 2] of the ground root, m and m/s."""

    roots: NDArray[np.float32]
    rotations: NDArray[np.float32]
    contacts: NDArray[np.float32]
    places: NDArray[np.float64]
    asked: NDArray[np.float64]

    def clip(self, character: int = 0, name: str = "") -> Clip:
        """One character's motion."""
        return Clip(REFERENCE, float(FPS), self.roots[:, character], self.rotations[:, character], name=name)


def evaluate(bundle: Sessions, settings: Settings | None = None, seeds: int = 5, scale: float = 1.0) -> dict[str, dict[str, float]]:
    """The scorecard by path: feet as the network puts them (foot_skate_cm_s) and as they are shown (shown_skate_cm_s)."""
    settings = settings or Settings()
    raw, shown = (Controller(bundle, replace(settings, foot_lock=lock)) for lock in (False, True))
    return {
        drive.name: {**measure(record(raw, drive, seeds), drive), "shown_skate_cm_s": foot_skate(record(shown, drive, 1))}
        for drive in scorecard_drives(scale)
    }


def record(controller: Controller, drive: Drive, seeds: int, style: int = 0) -> Recording:
    """Drive `seeds` characters, which differ in the phase they start with, from the origin facing +Z."""
    state = controller.create(np.zeros((seeds, 3)), np.zeros(seeds), 0)
    facing, styles = np.full(seeds, np.nan, np.float32), np.full(seeds, style)
    rows: list[tuple[NDArray[np.floating], ...]] = []
    for frame in range(round(drive.seconds * FPS)):
        asked = drive.stick(frame / FPS, state.positions)
        poses = controller.step(state, Intent(asked.astype(np.float32), facing, styles))
        rows.append((poses.root_positions, poses.rotations, poses.contacts, state.positions.copy(), asked))
    return Recording(*(np.stack(column) for column in zip(*rows, strict=True)))


def measure(recording: Recording, drive: Drive) -> dict[str, float]:
    """Figures of one recording, over all its characters; see the module's first lines."""
    world, _ = forward_kinematics(REFERENCE, recording.rotations, recording.roots)
    velocity = np.gradient(recording.places, axis=0) * FPS
    out = {
        "foot_skate_cm_s": foot_skate(recording),
        "dead_frames": float(dead_frames(velocity, recording.asked)),
        "broken_frames": float((~np.isfinite(world).all((2, 3)) | (world[..., 1].min(-1) < -0.1) | (world[..., 1].max(-1) > 2.6)).sum()),
        "jerk_m_s3": float(np.median(np.linalg.norm(np.diff(world, n=3, axis=0), axis=-1))) * FPS**3,
        "speed_m_s": along(velocity, recording.asked),
    }
    if drive.path is not None:
        distance = np.sqrt(np.min(np.square(recording.places[WARM_UP:, :, None] - drive.path).sum(-1), axis=-1)) * 100
        out |= {"path_error_cm": float(distance.mean()), "path_error_p95_cm": float(np.percentile(distance, 95))}
    for flip in drive.flips:
        frame = round(flip * FPS)
        if np.linalg.norm(recording.asked[frame]) > 0:
            out["response_s"] = response(velocity[frame:], recording.asked[frame])
    if np.linalg.norm(recording.asked[-1]) == 0:
        speeds = np.linalg.norm(np.diff(world[-FPS:], axis=0), axis=-1) * FPS
        out["still_m_s"] = float(speeds.mean())
    return out


def foot_skate(recording: Recording) -> float:
    """Mean horizontal speed (cm/s) of toes in contact."""
    world, _ = forward_kinematics(REFERENCE, recording.rotations, recording.roots)
    speed = np.linalg.norm(np.gradient(world[:, :, TOES][..., [0, 2]], axis=0), axis=-1) * FPS * 100
    down = recording.contacts[..., [1, 3]] > 0.5
    return float(speed[down].mean()) if down.any() else 0.0


def dead_frames(velocity: NDArray[np.float64], asked: NDArray[np.float64]) -> int:
    """Frames [T, B, 2] in stretches of over DEAD_SECONDS with less than a third of the asked velocity along its direction."""
    size = np.linalg.norm(asked, axis=-1)
    share = np.sum(velocity * asked, axis=-1) / np.maximum(size, 1e-6) ** 2
    dead = (size > 0.3) & (share < 1 / 3)
    return sum(max(0, last - first - round(DEAD_SECONDS * FPS)) for column in dead.T for first, last in runs_of(column))


def response(velocity: NDArray[np.float64], asked: NDArray[np.float64]) -> float:
    """Mean seconds until half of the asked velocity [B, 2] is reached in [T, B, 2]; a character that never does counts whole."""
    reached = np.sum(velocity * asked, axis=-1) >= 0.5 * np.sum(asked * asked, axis=-1)
    first = np.where(reached.any(axis=0), reached.argmax(axis=0), len(velocity))
    return float(first.mean()) / FPS


def along(velocity: NDArray[np.float64], asked: NDArray[np.float64]) -> float:
    """Mean speed along the asked direction while the stick is out, m/s, after the warm-up."""
    size = np.linalg.norm(asked, axis=-1)
    out = size > 0.3
    out[:WARM_UP] = False
    return float((np.sum(velocity * asked, axis=-1) / np.maximum(size, 1e-6))[out].mean()) if out.any() else 0.0


def table(scores: dict[str, dict[str, float]]) -> str:
    """The scorecard as text, one line per path."""
    columns: Iterable[str] = ("path_error_cm", "path_error_p95_cm", "speed_m_s", "foot_skate_cm_s", "shown_skate_cm_s", "dead_frames",
                              "broken_frames", "response_s", "jerk_m_s3", "still_m_s")  # fmt: skip
    lines = ["path".ljust(18) + " ".join(name.rjust(18) for name in columns)]
    for path, values in scores.items():
        lines.append(path.ljust(18) + " ".join((f"{values[name]:.2f}" if name in values else "").rjust(18) for name in columns))
    return "\n".join(lines)


def main(bundle: str, json_file: str, seeds: int, scale: float, pictures: Path | None) -> None:
    """Measure a bundle, print the table, write the figures ({"bundle", "paths": {path: figures}}) and the pictures asked for."""
    opened = Bundle.load(bundle)
    if json_file not in ("", "-") and not Path(json_file).parent.is_dir():
        raise InputError("cannot write: No such file or directory", json_file)  # before the long work, not after it
    if pictures is not None:
        try:
            pictures.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot be made a folder: {error.strerror}", pictures) from None
    scores = evaluate(opened, seeds=seeds, scale=scale)
    figures = json.dumps({"bundle": opened.name, "seeds": seeds, "scale": scale, "paths": scores})
    print(figures if json_file == "-" else table(scores))
    if json_file not in ("", "-"):
        write_atomically(Path(json_file), figures.encode() + b"\n")
    if pictures is not None:
        for drive in scorecard_drives(min(scale, PICTURE_SCALE)):
            contact_sheet(record(Controller(opened), drive, 1).clip(name=drive.name), pictures / f"{drive.name}.png")
