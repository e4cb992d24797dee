"""What a game tunes about the controller's feel."""

import msgspec

from motionwire.errors import InputError


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Halflives in seconds: smaller answers the stick faster, larger looks heavier.

    velocity_halflife, facing_halflife: of the desired path's springs; start_halflife, stop_halflife: of the first, for who sets off
    from rest and for who is let go; turn_limit: rad, the largest part of a turn asked for at
    once, which bounds the turning rate; strafe_limit: rad between travel, or straight backward, and the body; the spine does the rest
    of the asked facing; pull: 0..1, how much of the root's motion is taken from the desired path instead of the network, 0 for none
    (more follows the stick closer and slides more); feet_lead: 0..1, how much of a standing foot's sliding the root gives way to;
    prediction: 0..1, how much the network's own forecast shapes the path ahead; style_halflife: of a change of style; foot_lock:
    planted feet stay where they are;
    idle: 0..2, how much who stands shifts about, on top of the network's pose.
    """

    velocity_halflife: float = 0.18
    start_halflife: float = 0.12
    stop_halflife: float = 0.12
    facing_halflife: float = 0.14
    turn_limit: float = 1.2
    strafe_limit: float = 0.8
    pull: float = 0.1
    feet_lead: float = 1.0
    prediction: float = 0.0
    style_halflife: float = 0.2
    foot_lock: bool = True
    idle: float = 1.0

    def __post_init__(self) -> None:
        for name in (
            "velocity_halflife",
            "start_halflife",
            "stop_halflife",
            "facing_halflife",
            "turn_limit",
            "strafe_limit",
            "style_halflife",
        ):
            if not 0 < getattr(self, name) < 100:
                raise InputError(f"{name} must be above 0, not {getattr(self, name)}")
        for name, most in (("pull", 1), ("feet_lead", 1), ("prediction", 1), ("idle", 2)):
            if not 0 <= getattr(self, name) <= most:
                raise InputError(f"{name} must be in 0..{most}, not {getattr(self, name)}")
