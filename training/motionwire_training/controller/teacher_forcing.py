"""Teacher forcing: the probability that a step of a window is fed the true pose instead of the network's own (scheduled sampling,
Bengio et al. 2015, https://arxiv.org/abs/1506.03099), as a schedule over the training."""

from dataclasses import dataclass

from motionwire.errors import InputError

SCHEDULES = ("constant", "epoch_linear", "step_linear")


@dataclass
class TeacherForcing:
    """`constant` holds `max`. The linear ones hold `max` up to `start`, fall to `min` at `end` and hold that; `step_linear` falls with
    every step, `epoch_linear` from epoch to epoch."""

    schedule: str = "step_linear"
    start: float = 0.0  # share of all steps at which the fall begins
    end: float = 1.0  # share of all steps at which it ends
    max: float = 1.0  # probability before it
    min: float = 0.0  # probability after it

    def __post_init__(self) -> None:
        if self.schedule not in SCHEDULES:
            raise InputError(f"teacher forcing {self.schedule!r} is not one of {', '.join(SCHEDULES)}")
        if not 0 <= self.start <= self.end <= 1:
            raise InputError(f"teacher forcing needs 0 <= start <= end <= 1, not start {self.start} and end {self.end}")
        if not 0 <= self.min <= self.max <= 1:
            raise InputError(f"teacher forcing needs 0 <= min <= max <= 1, not min {self.min} and max {self.max}")

    def probability(self, step: int, steps: int, epoch_steps: int) -> float:
        """At `step`, 0..steps - 1, of a training whose epochs are `epoch_steps` long."""
        if self.schedule == "constant":
            return self.max
        if self.schedule == "epoch_linear":
            step -= step % epoch_steps
        done = step / steps
        if done < self.start:
            return self.max
        if done >= self.end:
            return self.min
        return self.max + (self.min - self.max) * (done - self.start) / (self.end - self.start)
