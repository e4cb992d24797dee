"""What a run makes: its clips, one by one, and what holds for all of them."""

import hashlib
from pathlib import Path

import msgspec

from motionwire import formats, rigs
from motionwire.bundle import Bundle
from motionwire.cleaning import Cleaning, Smoothing
from motionwire.generator.sampling import Sampling
from motionwire.generator.task import Leg, Task
from motionwire.motion.clip import Clip


class Item(msgspec.Struct, frozen=True):
    """One clip: where it was asked for (for messages), its sentences, its seed, and its file's name without folder and extension."""

    where: str
    legs: list[tuple[str, float | None]]
    seed: int
    stem: str = ""

    @property
    def sentence(self) -> str:
        """All of its sentences in one line."""
        return " / ".join(" ".join(text.split()) for text, _ in self.legs if text)


class Order(msgspec.Struct, frozen=True):
    """What holds for all clips of a run. bundle, folder, past, target, rig: paths or names; pose: the clip begins with the last frame of
    `past` (and ends with the first of `target`) rather than after it; see Task and Cleaning for the rest."""

    bundle: str
    folder: str
    extension: str
    guidance: float | None = None
    temperature: float | None = None
    top_p: float | None = None
    loop: bool = False
    in_place: bool = False
    past: str | None = None
    target: str | None = None
    pose: bool = False
    smooth: str | None = None
    ground: bool = False
    lock_feet: bool = False
    fps: float | None = None
    rig: str | None = None
    foot_ik: bool = True

    @property
    def cleaning(self) -> Cleaning:
        return Cleaning(None if self.smooth is None else Smoothing(self.smooth), self.ground, lock_feet=self.lock_feet)

    def fingerprint(self, bundle: Bundle) -> str:
        """The same for orders that make the same of a sentence and a seed: options, bundle, and the contents of the files named, the
        rig's character among them. Raises InputError for a rig that there is none of."""
        digest = hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(self, folder="", bundle="")))
        digest.update((bundle.folder / "bundle.json").read_bytes())
        character = None if self.rig is None else rigs.character(self.rig)
        for name in (self.past, self.target, self.rig, character):
            if name is not None and Path(name).is_file():
                digest.update(Path(name).read_bytes())
        return digest.hexdigest()[:32]

    def motions(self) -> tuple[Clip | None, Clip | None]:
        """The motion to go on from and the one to arrive at, read as clips of `rig` where they are; raises InputError where a file
        cannot be read."""
        own = [] if self.rig is None else [rigs.profile(self.rig)]
        return tuple(None if name is None else formats.read_canonical(name, *own) for name in (self.past, self.target))  # type: ignore[return-value]

    def task(self, item: Item, motions: tuple[Clip | None, Clip | None]) -> Task:
        """What the generator is asked for; raises InputError for options that exclude each other."""
        return Task(
            legs=[Leg(text, seconds) for text, seconds in item.legs],
            seed=item.seed,
            past=motions[0],
            target=motions[1],
            with_ends=self.pose,
            loop=self.loop,
            closed=self.loop,
            in_place=self.in_place,
            sampling=Sampling(self.guidance, self.temperature, self.top_p),
        )
