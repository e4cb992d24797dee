"""Clips as codes: whole ones from several frames, long ones in pieces, too."""

import numpy as np
import pytest
import torch

from motionwire_training.features import FeatureClip, read_features, retime_features
from motionwire_training.text_to_motion.encoding import encode_clips
from motionwire_training.text_to_motion.pieces import pieces
from motionwire_training.tokenizer.data import still, whole_positions
from motionwire_training.tokenizer.load import load_tokenizer
from toy_models import toy_runs


@pytest.mark.parametrize(("shifts", "wanted"), [(1, 1), (2, 2), (3, 3), (4, 4), (9, 4)])
def test_clips_are_encoded_from_as_many_frames_as_asked_for(shifts: int, wanted: int) -> None:
    data, tokenizer, _ = toy_runs()
    clip = next(iter(read_features(data, "train", "free")))
    model = load_tokenizer(tokenizer).model
    encoded = next(encode_clips(model, [(0, clip)], [1.0], shifts, len(clip.features)))
    assert len({frames[0].tobytes() for frames, _ in encoded.spans}) == len(encoded.spans) == wanted


def test_clips_longer_than_a_sequence_are_encoded_in_pieces_too() -> None:
    data, tokenizer, _ = toy_runs()
    model, longest = load_tokenizer(tokenizer).model, 32
    values = next(iter(read_features(data, "train", "free"))).features
    rest = np.repeat(still(values[:1]), 30, axis=0)
    clip = FeatureClip(np.concatenate([rest, values[:80]] * 4), {})
    plain, mirrored = encode_clips(model, [(0, clip)], [1.0, 1.1], 1, longest)
    cut = [part for values in (clip.features, retime_features(clip.features, 1.1)) for part in pieces(values, 4 * longest, 4)]
    assert len(plain.spans) == len(mirrored.spans) == 2 + len(cut) > 4
    for (frames, codes), part in zip(plain.spans[2:], cut, strict=True):
        np.testing.assert_array_equal(frames, whole_positions(part, 4))
        np.testing.assert_array_equal(codes, model.encode(torch.from_numpy(frames)[None])[0].numpy())
