"""The soft phase of one clip beside its truth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionwire.motion.clip import Clip
from motionwire.motion.phase import soft_phase
from motionwire.motion.retarget import fit_to
from motionwire_training.controller.clips import at_60_fps
from motionwire_training.controller.ground import level_contacts
from motionwire_training.controller.planting import plant
from motionwire_training.evaluation.phase_truth import Strikes, foot_strikes


@dataclass(frozen=True, eq=False)
class Reading:
    """The phase of one clip beside its truth: contacts [T, 4], phase [T] (rad, unwrapped), confidence [T], strikes."""

    clip: Clip
    content: str
    contacts: NDArray[np.float32]
    phase: NDArray[np.float64]
    confidence: NDArray[np.float32]
    strikes: Strikes

    @property
    def speed(self) -> NDArray[np.float64]:
        """Cycles per second [T - 1]."""
        return np.diff(self.phase) * self.clip.fps / (2 * np.pi)

    def at_strikes(self) -> list[NDArray[np.float64]]:
        """Phase in cycles at the left and at the right strikes."""
        times = np.arange(len(self.phase)) / self.clip.fps
        return [np.interp(strikes, times, self.phase) / (2 * np.pi) for strikes in (self.strikes.left, self.strikes.right)]


def read(clip: Clip, content: str) -> Reading:
    """Phase as the controller's training takes it, and strikes of the recording itself."""
    clip = at_60_fps(fit_to(clip))
    contacts = level_contacts(plant(clip))
    phase, confidence = soft_phase(contacts, clip.fps)
    return Reading(clip, content, contacts, np.unwrap(phase.astype(np.float64)), confidence, foot_strikes(clip))
