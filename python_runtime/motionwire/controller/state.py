"""What the controller remembers about each of B characters between ticks; every array has one row per character."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.poses import Poses, between_phases

Array = NDArray[np.floating]

ALMOST = 1e-6  # of a frame


@dataclass(eq=False)
class State:
    """positions [B, 2] root x, z m; headings [B] rad; velocities, accelerations [B, 2] m/s, m/s2 over the ground; turning [B] rad/s;
    pose [B, 264] and future [B, 30] as in layout; phase [B] rad; style [B, S] shares; contacts [B, 4]; gait [B, 3];
    clock [B] s of idle motion and idling [B, 2] how much of it there is, and per s; twist [B, 3] and backing [B]: see strafing;
    stood [B, 4, 2] and lead [B, 2] m: see planted;
    history [B, N, 4] past roots (x, z, heading, speed) as a ring whose newest row is `newest` [B];
    desired [B, 12, 4] (x, z, heading, speed) the path asked for at the last tick; ground [B, 12, 3] (x, z, height) as the game said;
    feet [B, 2] and bodies [B]: see foot_lock; ahead: s by which the simulation is ahead of the caller;
    shown_roots [B, 2, 3], shown_rotations [B, 2, 22, 4], shown_contacts [B, 2, 4], shown_phase [B, 2]: the last two frames of
    `Controller.step`."""

    positions: Array
    headings: Array
    velocities: Array
    accelerations: Array
    turning: Array
    pose: NDArray[np.float32]
    future: NDArray[np.float32]
    phase: Array
    clock: Array
    idling: Array
    twist: Array
    backing: NDArray[np.bool_]
    stood: Array
    lead: Array
    style: NDArray[np.float32]
    contacts: NDArray[np.float32]
    gait: NDArray[np.float32]
    history: Array
    newest: NDArray[np.intp]
    desired: Array
    ground: Array
    feet: NDArray[np.void]
    bodies: NDArray[np.void]
    ahead: float
    shown_roots: NDArray[np.float32]
    shown_rotations: NDArray[np.float32]
    shown_contacts: NDArray[np.float32]
    shown_phase: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.headings)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays by name."""
        return {name: value for name, value in vars(self).items() if isinstance(value, np.ndarray)}

    def show(self, poses: Poses) -> None:
        """A new frame of all characters."""
        for shown, value in (
            (self.shown_roots, poses.root_positions),
            (self.shown_rotations, poses.rotations),
            (self.shown_contacts, poses.contacts),
            (self.shown_phase, poses.phase),
        ):
            shown[:, 0] = shown[:, 1]
            shown[:, 1] = value

    def shown(self, share: float) -> Poses:
        """The poses at `share` 0..1 of the way from the last frame but one to the last."""
        shown = (self.shown_roots, self.shown_rotations, self.shown_contacts, self.shown_phase)
        roots, rotations, contacts, phase = (part[:, 1].copy() for part in shown)
        if share < 1 - ALMOST:
            blend = np.float32(share)
            before = [part[:, 0] for part in shown]
            roots, contacts = before[0] + blend * (roots - before[0]), before[2] + blend * (contacts - before[2])
            rotations = rot.slerp(before[1], rotations, np.full(rotations.shape[:2], blend)).astype(np.float32)
            phase = between_phases(before[3], phase, blend)
        return Poses(roots, rotations, contacts, phase, self.gait.copy())
