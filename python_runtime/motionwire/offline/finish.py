"""What is done to a made clip before it is written: cleaning, another frame rate, a rig. Where it meets something, itself as a loop or
the motions that it lies between, it still does afterwards.

A loop comes closed (Task.closed) and leaves `on_rig` as its frames alone.
"""

from dataclasses import replace

from motionwire.cleaning import clean
from motionwire.generator.loop import endless, rounds_of
from motionwire.motion.clip import Clip
from motionwire.motion.resample import resample, resample_whole
from motionwire.motion.retarget_to import from_canonical
from motionwire.motion.rig import Rig
from motionwire.motion.seams import followed, joined
from motionwire.offline.order import Order


def cleaned(clip: Clip, order: Order) -> Clip:
    """The clip with the cleaning that was asked for."""
    if not order.cleaning:
        return clip
    return endless(clip, lambda rounds: clean(rounds, order.cleaning)) if order.loop else clean(clip, order.cleaning)


def at_rate(clip: Clip, order: Order, past: Clip | None) -> Clip:
    """The clip at the rate that was asked for; past: canonical motion that it goes on from."""
    if order.fps is None:
        return clip
    if order.loop or order.target is not None:
        return resample_whole(clip, order.fps)
    if past is None or order.pose:
        return _whole_length(resample(clip, order.fps), clip.seconds)
    # Its first frame is to follow the last of `past` after a frame of the new rate.
    before = replace(past.slice(-1), fps=clip.fps, name=clip.name)
    return resample(joined([before, clip]), order.fps).slice(1)


def _whole_length(clip: Clip, seconds: float) -> Clip:
    """The clip going on for the frames that it lacks of its length: at a higher rate several follow the source's last frame."""
    lacking = round(seconds * clip.fps) - len(clip)
    return followed(clip, lacking) if lacking > 0 else clip


def on_rig(clip: Clip, order: Order, rig: Rig | None) -> Clip:
    """The clip on the rig that was asked for, if any."""
    if not order.loop:
        return clip if rig is None else from_canonical(clip, rig, order.foot_ik)
    frames = len(clip) - 1
    return clip.slice(0, -1) if rig is None else from_canonical(rounds_of(clip), rig, order.foot_ik).slice(frames, 2 * frames)
