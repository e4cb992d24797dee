"""One clip from file bytes to a sample: parse, drop the reference pose, true rate, canonical skeleton, at most 60 fps, QA."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from motionwire import formats
from motionwire.errors import InputError
from motionwire.formats import asf_amc, bvh, json_clip, npz
from motionwire.formats.hierarchy_json import parse_skeleton
from motionwire.formats.npy import load_npy
from motionwire.motion import features
from motionwire.motion.clip import Clip
from motionwire.motion.profile import Profile
from motionwire.motion.resample import resample
from motionwire.motion.retarget import to_canonical
from motionwire_training.data import qa
from motionwire_training.data.captions import captions, mirror_caption
from motionwire_training.data.items import Item, Job
from motionwire_training.data.licences import licence_class
from motionwire_training.data.repair import bridge_flips, longest_piece
from motionwire_training.data.sample import Sample

MAX_FPS = 60.0
PARSERS = {"json": json_clip.parse, "npz": npz.parse}
NOT_FINITE = re.compile(r"\bNaN\b|'[+-]?(nan|inf|infinity)'", re.IGNORECASE)
ASYMMETRIC = ("salsa",)  # contents that a mirror image would teach wrongly: the leader's steps become the follower's


@dataclass(frozen=True)
class Outcome:
    """What became of one job: imported with its sample, or rejected or missing with a reason."""

    item: Item
    status: str  # imported | rejected | missing
    reason: str = ""
    detail: str = ""
    measures: dict[str, float] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    sample: Sample | None = None

    def record(self) -> dict[str, Any]:
        """The outcome without the motion, for the journal and the report."""
        item = self.item
        return {
            "key": item.key,
            "path": item.path,
            "source": item.source,
            "licence": item.licence,
            "content": item.content,
            "style": item.style,
            "split": item.split,
            "hashed": item.hashed,
            "status": self.status,
            "reason": self.reason,
            "detail": self.detail,
            "flags": self.flags,
            "measures": {name: round(value, 5) for name, value in self.measures.items()},
        }


def process(job: Job, own: Sequence[Profile] = ()) -> Outcome:
    """The outcome of a job; own: profiles of rigs beside the built-in ones. A wrong clip is an outcome, never an exception."""
    if job.missing:
        return Outcome(job.item, "missing", "missing", job.missing)

    def rejected(reason: str, detail: object, measures: dict[str, float] | None = None) -> Outcome:
        return Outcome(job.item, "rejected", reason, " ".join(str(detail).split())[:300], measures or {})

    try:
        clip = load(job)
    except InputError as error:
        return rejected("not_finite" if NOT_FINITE.search(str(error)) else "unreadable", error)
    except Exception as error:  # a reader's own mistake must not end an import of thousands of clips
        return rejected("unreadable", f"{type(error).__name__}: {error}")
    if clip.seconds < qa.LIMITS.seconds:
        return rejected("too_short", f"{clip.seconds:.2f} s, needs {qa.LIMITS.seconds} s")
    frames = len(clip)
    try:
        canonical = to_canonical(clip, own=own)
        if detail := qa.wrong_scale(canonical.skeleton):
            return rejected("wrong_scale", detail)
        start, stop = longest_piece(canonical)
        if stop - start < frames:  # once more, since the ground was fitted to all frames
            canonical = to_canonical(clip.slice(start, stop), own=own)
        clip, bridged = bridge_flips(canonical)
        clip = resample(clip, MAX_FPS) if clip.fps > MAX_FPS * 1.001 else clip
        repairs = {"bridged_frames": float(bridged), "cut_frames": float(frames - stop + start)}
        measures = qa.measure(clip) | repairs | {"source_fps": float(canonical.fps)}
    except InputError as error:
        return rejected("unknown_rig", error)
    except Exception as error:
        return rejected("unknown_rig", f"{type(error).__name__}: {error}")
    reason, detail = qa.judge(measures)
    if reason:
        return rejected(reason, detail, measures)
    sample = Sample(replace(clip, name=job.item.key), labels(job.item, clip))
    return Outcome(job.item, "imported", measures=measures, flags=qa.flags(measures), sample=sample)


def load(job: Job) -> Clip:
    """The clip as the file has it, at its true rate and without reference frames; raises InputError."""
    item = job.item
    if item.format == "272":
        clip = features.decode(load_npy(job.data, job.where).astype(np.float32), fps=item.fps or features.FPS, name=item.key)
    elif item.format == "amc":
        if not job.companions:
            raise InputError("its skeleton (.asf) is not beside it", job.where)
        clip = asf_amc.parse(job.companions[0], job.data, job.where)
    elif item.format == "bvh":
        clip = bvh.parse(job.data, job.where)
    elif item.format in PARSERS:
        if len(job.companions) == 1:
            raise InputError("only one of its two skeleton files is beside it", job.where)
        skeleton = None
        if job.companions:
            hierarchy, offsets = job.companions
            skeleton = parse_skeleton(hierarchy, offsets, f"{job.where} (hierarchy)", f"{job.where} (offsets)")
        clip = PARSERS[item.format](job.data, job.where, skeleton)
    elif f".{item.format}" in formats.READABLE:
        clip = by_extension(job)
    else:
        raise InputError(f"format {item.format!r} is not known", job.where)
    if item.first_frame:
        if item.first_frame >= len(clip):
            raise InputError(f"{len(clip)} frames, none after the first {item.first_frame}", job.where)
        clip = clip.slice(item.first_frame)
    return replace(clip, fps=item.fps or clip.fps, name=item.key)


def by_extension(job: Job) -> Clip:
    """A clip of a format that other programs' libraries read, which want a file; raises InputError."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"clip.{job.item.format}"
        path.write_bytes(job.data)
        try:
            return formats.read(path)
        except InputError as error:
            raise InputError(str(error).removeprefix(f"{path}: "), job.where) from None


def labels(item: Item, clip: Clip) -> dict[str, Any]:
    """The JSON that stands beside the clip."""
    made = captions(item.content, item.style, item.description, item.split, item.key)
    return {
        "key": item.key,
        "source": item.source,
        "subject": item.subject,
        "licence": item.licence,
        "licence_class": licence_class(item.licence),
        "content": item.content,
        "style": item.style,
        "description": item.description,
        "captions": list(dict.fromkeys([*item.captions, *made])),
        "split": item.split,
        "fps": float(clip.fps),
        "frames": len(clip),
        "mirror_ok": may_be_mirrored(item),
    }


def may_be_mirrored(item: Item) -> bool:
    """Whether the clip's mirror image is of the same content and style too, where its manifest does not say: a style that names a side is
    another one there."""
    if item.mirror is not None:
        return item.mirror
    return item.content not in ASYMMETRIC and mirror_caption(item.style) == item.style


def in_split(found: Mapping[str, Any], split: str) -> dict[str, Any]:
    """The labels of a clip that another split takes, with the sentences that they have there; those that came with the clip stay."""
    content, style, description = (found[name] for name in ("content", "style", "description"))
    before, made = (captions(content, style, description, one, found["key"]) for one in (found["split"], split))
    came = [sentence for sentence in found["captions"] if sentence not in before]
    return {**found, "split": split, "captions": list(dict.fromkeys([*came, *made]))}
