"""Planted feet in training clips: a network learns the creep of captured feet faithfully."""

from motionwire.motion.clip import Clip
from motionwire.motion.planting import keep_planted
from motionwire_training.controller.ground import level_contacts


def plant(clip: Clip) -> Clip:
    """The canonical clip with the feet that its contacts call planted kept in place."""
    return keep_planted(clip, level_contacts(clip))
