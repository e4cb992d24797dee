"""From the clips of a data set to prepared frames on disk, on all cores: each clip is worked on by itself, with random numbers of its own,
so that what comes out does not depend on how many cores there are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from rich.progress import track

from motionwire.controller import layout
from motionwire_training.columns import fingerprint
from motionwire_training.controller.actions import kind_of_action
from motionwire_training.controller.bending import bend
from motionwire_training.controller.clips import Take, at_60_fps, long_enough, style_of, takes
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.directions import redirect
from motionwire_training.controller.frames import VERSION, Columns, Frames, encode_take, read_frames, write_frames
from motionwire_training.controller.phase_labels import NO_LABELS, PhaseLabels, check_names, read_phase_labels
from motionwire_training.controller.steered import steer
from motionwire_training.controller.transitions import Transition, joined, transitions
from motionwire_training.data.sample import Sample
from motionwire_training.data.shards import expected_clips, read_shards
from motionwire_training.processes import processes

KEPT_PER_STYLE = 40  # clips held in memory to make starts and stops of
WORTH_PROCESSES = 32  # clips
CLIPS_TOGETHER = 4  # that a process gets at a time

Made = list[tuple[Take, Columns]]
T = TypeVar("T")


def prepare(config: ControllerConfig, split: str, data_version: str) -> Frames:
    """Frames of a split, prepared on disk on first use."""
    made = split == "train"
    names = ("time_scales", "transitions", "bends", "bend_rate", "redirected", "steered", "seed")
    settings = [getattr(config, name) for name in names] if made else []
    phases = read_phase_labels(Path(config.phase_labels)) if config.phase_labels else NO_LABELS
    check_names(phases, Path(config.data))
    settings += [phases.digest] if phases.clips else []
    folder = Path(config.data) / f"controller-{config.licence}-{split}-{fingerprint(VERSION, data_version, settings)}"
    if not folder.exists():
        styles = _styles(config)
        labelled = enumerate(read_shards(Path(config.data), split, config.licence))
        work = partial(_of_a_clip, config=config, phases=phases, styles=styles, made=made)
        clips = expected_clips(Path(config.data), split, config.licence)
        write_frames(_prepared(labelled, work, config, made, f"frames of {split}", clips), folder, styles)
    return read_frames(folder)


def _styles(config: ControllerConfig) -> tuple[str, ...]:
    """The styles of the training split's walks and runs, neutral first."""
    samples = read_shards(Path(config.data), "train", config.licence)
    found = {style_of(str(sample.labels.get("style") or "")) for sample in samples if kind_of_action(sample.labels) == "locomotion"}
    return (layout.NEUTRAL, *sorted(found - {layout.NEUTRAL}))


def _prepared(
    labelled: Iterable[tuple[int, Sample]], work: Any, config: ControllerConfig, made: bool, what: str, clips: int | None
) -> Iterator[tuple[str, Columns]]:
    """Styles and columns of all takes, then, where some are made, of the starts, stops and turns made of a bounded choice of them.
    what, clips: for the progress bar, what this makes and of how many clips."""
    kept = _Kept(np.random.default_rng(config.seed)) if made else None
    with processes("frames", config.data, WORTH_PROCESSES, CLIPS_TOGETHER) as mapped:
        for found in track(mapped(work, labelled), what, total=clips):
            for take, columns in found:
                yield take.style, columns
            if kept is not None:
                kept.see(take for take, _ in found)
        if kept is not None:
            wanted = transitions(kept.walks, kept.stands, config.transitions, kept.rng)
            for found in track(mapped(_of_a_transition, wanted), "starts, stops and turns"):
                yield from found


def _of_a_clip(numbered: tuple[int, Sample], config: ControllerConfig, phases: PhaseLabels, styles: tuple[str, ...], made: bool) -> Made:
    """The takes of one clip, of the styles that are there, and what is made of them, with their columns."""
    number, sample = numbered
    found = takes([(sample.clip, sample.labels)], config.time_scales if made else [1.0], phases)
    found = (take for take in found if take.style in styles)
    if made:
        found = with_made_ones(found, config, np.random.default_rng((config.seed, number)))
    return [(take, encode_take(take)) for take in found]


def with_made_ones(found: Iterable[Take], config: ControllerConfig, rng: np.random.Generator) -> Iterator[Take]:
    """All takes, then curves, answers to a stick and other directions made of the walks."""
    for take in found:
        yield take
        if not take.standing:
            yield from (replace(take, clip=bend(take.clip, config.bend_rate, rng), made=True) for _ in range(config.bends))
            if rng.random() < config.steered and (led := steer(take.clip, rng)) is not None:
                yield replace(take, clip=led, made=True, steered=True)
            if rng.random() < config.redirected and (turned := redirect(take.clip, rng)) is not None:
                yield from long_enough(replace(take, clip=at_60_fps(turned), cycles=None, made=True))


def _of_a_transition(wanted: Transition) -> list[tuple[str, Columns]]:
    """Style and columns of a start, a stop or a turn on the spot; none where the clips do not lend themselves."""
    clip = joined(wanted)
    return [] if clip is None else [(wanted.style, encode_take(Take(clip, wanted.style, False, mirror_ok=wanted.mirror_ok)))]


@dataclass
class _Kept:
    """A choice of as many recorded walks and stands of each style, every one as likely (reservoir sampling)."""

    rng: np.random.Generator
    walks: dict[str, list[Take]] = field(default_factory=lambda: defaultdict(list))
    stands: dict[str, list[Take]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[tuple[str, bool], int] = field(default_factory=lambda: defaultdict(int))

    def see(self, found: Iterable[Take]) -> None:
        for take in found:
            if take.made:
                continue
            kept = (self.stands if take.standing else self.walks)[take.style]
            self.seen[take.style, take.standing] += 1
            if len(kept) < KEPT_PER_STYLE:
                kept.append(take)
            elif (place := int(self.rng.integers(self.seen[take.style, take.standing]))) < KEPT_PER_STYLE:
                kept[place] = take
