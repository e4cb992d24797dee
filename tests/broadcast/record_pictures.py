"""Record the README's pictures in the viewer, frame by frame, so that a slow machine records the same as a fast one.

    PYTHONPATH=tests python -m broadcast.record_pictures --sentence "a person dances salsa"

Starts the runtime with a bundle, lets the viewer's script walk, turn, run, stop and act the sentence, and writes docs/pictures/
demo.gif and viewer.png. Needs Chromium.
"""

import argparse
import asyncio
import io
from pathlib import Path

from PIL import Image

from broadcast.chromium import Chromium
from broadcast.page import TICK, click
from motionwire.broadcast.about import Leg
from motionwire.broadcast.live import LiveSite
from motionwire.broadcast.viewer import Viewer
from motionwire.bundle import Bundle, default
from motionwire.cli.demo_runtime import DemoRuntime

SIZE = (960, 600)  # CSS pixels of the page
SHOWN = (520, 325)  # pixels of the GIF
STEP_HZ = 30  # of the viewer's frame stepping
KEPT = 3  # one step in so many becomes a picture
COLOURS = 64
SCRIPT = (
    Leg(1.8, speed=1.3),
    Leg(1.8, speed=1.3, turn=1.2),
    Leg(1.6, speed=3.0),
    Leg(0.8),
    Leg(3.8, acts=True),
    Leg(0.8, speed=1.3),
)
EXPLAINED = ("desired", "contacts", "phase")
TOOLS = click("tools").replace("click()", "toggleAttribute('open')")


async def step(page: Chromium) -> None:
    """One frame on, and drawn."""
    before = await page.evaluate(TICK)
    await page.press("Period")
    await page.wait_for(f"{TICK} !== '{before}'", pause=0.01)


async def capture(page: Chromium) -> Image.Image:
    """The page as it is."""
    return Image.open(io.BytesIO(await page.screenshot())).convert("RGB")


async def film(url: str, seconds: float) -> tuple[list[Image.Image], Image.Image]:
    """Pictures of so many seconds of motion, and one with the tools open, three quarters in."""
    pictures = []
    steps = round(seconds * STEP_HZ)
    async with Chromium(SIZE) as page:
        await page.open(url)
        await page.wait_for(f"{TICK} > 0")
        await page.evaluate("document.getElementById('view').focus()")
        await page.press("KeyP")
        for what in EXPLAINED:
            await page.evaluate(click(what))
        await page.evaluate(TOOLS)
        for number in range(steps):
            await step(page)
            if number % KEPT == 0:
                pictures.append(await capture(page))
            if number == steps * 3 // 4:
                await page.evaluate(TOOLS)
                still = await capture(page)
                await page.evaluate(TOOLS)
    return pictures, still


def save(pictures: list[Image.Image], still: Image.Image, folder: Path) -> None:
    """demo.gif with one palette for all pictures, and viewer.png."""
    folder.mkdir(parents=True, exist_ok=True)
    still.save(folder / "viewer.png", optimize=True)
    small = [picture.resize(SHOWN, Image.Resampling.LANCZOS) for picture in pictures]
    palette = _mosaic(small[:: max(1, len(small) // 6)]).quantize(COLOURS, Image.Quantize.FASTOCTREE)
    frames = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in small]
    frames[0].save(
        folder / "demo.gif", save_all=True, append_images=frames[1:], duration=1000 * KEPT // STEP_HZ, loop=0, optimize=True, disposal=1
    )


def _mosaic(pictures: list[Image.Image]) -> Image.Image:
    """The pictures below each other, for one palette that fits all."""
    sheet = Image.new("RGB", (SHOWN[0], SHOWN[1] * len(pictures)))
    for number, picture in enumerate(pictures):
        sheet.paste(picture, (0, number * SHOWN[1]))
    return sheet


def main() -> None:
    """Read the options and record."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--bundle", default=None, help="name or folder; the default bundle unless set")
    options.add_argument("--sentence", default="a person dances salsa")
    options.add_argument("--out", type=Path, default=Path("docs/pictures"))
    chosen = options.parse_args()
    bundle = Bundle.load(chosen.bundle or default())
    seconds = sum(leg.seconds for leg in SCRIPT)
    with (
        DemoRuntime(bundle, lambda shown: [chosen.sentence, *shown.manifest.suggestions], SCRIPT) as runtime,
        Viewer(LiveSite(runtime), port=0) as viewer,
    ):
        pictures, still = asyncio.run(film(viewer.url, seconds))
    save(pictures, still, chosen.out)
    for name in ("demo.gif", "viewer.png"):
        print(f"{chosen.out / name}: {(chosen.out / name).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
