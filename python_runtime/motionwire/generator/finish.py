"""What is done to every generated clip: codes round the motion, which shakes it, and lets feet slide as they land and stand."""

import numpy as np

from motionwire.cleaning import CONFIDENT, Cleaning, Smoothing, clean
from motionwire.motion.clip import Clip
from motionwire.motion.dips import out_of_the_ground
from motionwire.motion.landing import landing_contacts
from motionwire.motion.planting import keep_planted
from motionwire.motion.seams import going_on, joined

STEADIED = Cleaning(smooth=Smoothing.SAVITZKY_GOLAY)
KNOWN = 15  # frames of what was before that tell which feet stand


def finish(clip: Clip, before: Clip | None = None) -> Clip:
    """The canonical clip, on level ground, steadied, with its feet kept where they come down; what goes on from `before` does so in pose
    and velocity, on the feet that stand there."""
    clip = out_of_the_ground(clean(clip, STEADIED))
    if before is None:
        return keep_planted(clip, landing_contacts(clip), confident=CONFIDENT)
    known = before.slice(-KNOWN)
    whole = joined([known, going_on(before, clip)])
    # What going on adds to a foot that stands moves it, for half a second; that it stands the clip knows by itself.
    contacts = np.maximum(landing_contacts(whole), landing_contacts(joined([known, clip])))
    return keep_planted(whole, contacts, confident=CONFIDENT, since=len(known)).slice(len(known))
