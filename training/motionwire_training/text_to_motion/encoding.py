"""Clips as the codes of a tokenizer: plain and mirrored, at each tempo, from several starting frames, long ones in pieces, too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from motionwire_training.features import FeatureClip, mirror_features, retime_features
from motionwire_training.text_to_motion.pieces import pieces
from motionwire_training.tokenizer.data import hold_last, whole_positions
from motionwire_training.tokenizer.model import Tokenizer
from motionwire_training.torch_motion import root_path

MIN_POSITIONS = 3
FRAMES_TOGETHER = 16_384  # encoded at a time


@dataclass(frozen=True, eq=False)
class EncodedClip:
    """A numbered clip, plain or mirrored: whole positions' features [sN, 276] and codes [N, G], by tempo and starting frame, and of its
    pieces."""

    number: int
    clip: FeatureClip
    mirrored: bool
    spans: list[tuple[NDArray[np.float32], NDArray[np.uint16]]]


def encode_clips(
    tokenizer: Tokenizer, clips: Sequence[tuple[int, FeatureClip]], tempos: Sequence[float], shifts: int, longest: int
) -> Iterator[EncodedClip]:
    """The numbered clips and their mirror images where those may be, as codes, at these multiples of their speed and from `shifts` starting
    frames; those longer than `longest` positions as a whole and in pieces, those too short are left out."""
    stride = tokenizer.stride
    starts = [stride * shift // min(shifts, stride) for shift in range(min(shifts, stride))]
    motions: list[tuple[int, FeatureClip, bool, list[NDArray[np.float32]]]] = []
    for number, clip in clips:
        for mirrored in (False, True) if clip.labels.get("mirror_ok", True) else (False,):
            values = mirror_features(clip.features) if mirrored else clip.features
            played = [values if tempo == 1 else retime_features(values, tempo) for tempo in tempos]
            parts = [part for tempo in played for start in starts if len(part := tempo[start:]) >= MIN_POSITIONS * stride]
            parts += [part for tempo in played for part in pieces(tempo, longest * stride, stride)]
            motions.append((number, clip, mirrored, [whole_positions(part, stride) for part in parts]))
    codes = iter(_encode(tokenizer, [frames for *_, cut in motions for frames in cut]))
    for number, clip, mirrored, cut in motions:
        if cut:
            yield EncodedClip(number, clip, mirrored, [(frames, next(codes)) for frames in cut])


@torch.no_grad()
def _encode(tokenizer: Tokenizer, motions: Sequence[NDArray[np.float32]]) -> list[NDArray[np.uint16]]:
    """Codes [N, G] of motions [sN, 276], those of similar length at once."""
    found: dict[int, NDArray[np.uint16]] = {}
    waiting: list[int] = []

    def flush() -> None:
        # The encoder is causal, so what the shorter ones are filled up with at their end changes none of their codes.
        longest = len(motions[waiting[-1]])
        together = torch.from_numpy(np.stack([hold_last(motions[index], longest) for index in waiting])).to(tokenizer.mean.device)
        for index, row in zip(waiting, tokenizer.encode(together).cpu().numpy().astype(np.uint16), strict=True):
            found[index] = row[: len(motions[index]) // tokenizer.stride]
        waiting.clear()

    for index in sorted(range(len(motions)), key=lambda index: len(motions[index])):
        if waiting and (len(waiting) + 1) * len(motions[index]) > FRAMES_TOGETHER:
            flush()
        waiting.append(index)
    if waiting:
        flush()
    return [found[index] for index in range(len(motions))]


def places(values: NDArray[np.float32], stride: int) -> NDArray[np.float32]:
    """Where the root is before each position and in its first frame, float32 [N, 6] (x, z, heading, twice), of features [sN, 276]."""
    path, heading = root_path(torch.from_numpy(values))
    way = torch.cat((path, heading[:, None]), dim=1).numpy()
    before = np.concatenate((np.zeros((1, 3), np.float32), way[stride - 1 : -1 : stride]))
    return np.concatenate((before, way[::stride]), axis=1)
