"""What is done to every generated clip: codes round the motion, which shakes it, and lets feet slide as they land and stand."""

from motionwire.cleaning import Cleaning, Smoothing, clean, locked
from motionwire.motion.clip import Clip
from motionwire.motion.landing import landing_contacts

STEADIED = Cleaning(smooth=Smoothing.SAVITZKY_GOLAY)


def finish(clip: Clip) -> Clip:
    """The canonical clip, on level ground, steadied, with its feet kept where they come down."""
    steady = clean(clip, STEADIED)
    return locked(steady, landing_contacts(steady))
