"""Settings of how the three groups of losses are weighed against each other; the strategies are in `strategies.py`."""

from dataclasses import dataclass

from motionwire.errors import InputError

GROUPS = ("core", "aux", "long")
STRATEGIES = ("shares", "gradnorm", "uncertainty", "dwa")


@dataclass
class Balance:
    """Shares of the total that the strategy `shares` holds, beside the long group's, which is the free_weight of the training's stage;
    the other strategies find their own."""

    strategy: str = "shares"
    core: float = 0.65
    aux: float = 0.05

    def __post_init__(self) -> None:
        if self.strategy not in STRATEGIES:
            raise InputError(f"balance {self.strategy!r} is not one of {', '.join(STRATEGIES)}")
        if not all(0 <= getattr(self, name) < float("inf") for name in ("core", "aux")) or self.core == 0:
            raise InputError("balance needs shares of at least 0, and of core more than 0")
