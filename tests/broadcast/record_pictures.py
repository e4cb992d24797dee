"""Record the README's pictures from a running viewer, frame by frame, so that a slow machine records the same as a fast one.

    motionwire demo --seconds 600 &        # prints the address
    PYTHONPATH=tests python -m broadcast.record_pictures http://127.0.0.1:8770/ --sentence "a person raises both hands" --out docs/pictures

Writes viewer.gif (walking by itself, then acting the sentence) and viewer.png. Needs Chromium.
"""

import argparse
import asyncio
import io
from pathlib import Path

from PIL import Image

from broadcast.chromium import Chromium

SIZE = (960, 600)  # CSS pixels of the page
SHOWN = (640, 400)  # pixels of the GIF
STEP_HZ = 30  # of the viewer's frame stepping
KEPT = 3  # one step in so many becomes a picture
COLOURS = 96
TICK = "document.getElementById('view').dataset.tick"
ACTING = "document.getElementById('acting').textContent"


async def step(page: Chromium) -> None:
    """One frame on, and drawn."""
    before = await page.evaluate(TICK)
    await page.press("Period")
    await page.wait_for(f"{TICK} !== '{before}'", pause=0.01)


async def record(page: Chromium, seconds: float, until_acted: bool = False) -> list[Image.Image]:
    """Pictures of the next seconds of motion, or until nothing is acted any more."""
    pictures = []
    for number in range(round(seconds * STEP_HZ)):
        await step(page)
        if number % KEPT == 0:
            pictures.append(Image.open(io.BytesIO(await page.screenshot())).convert("RGB"))
        if until_acted and not await page.evaluate(ACTING):
            break
    return pictures


async def film(url: str, sentence: str, walk_s: float, act_s: float) -> list[Image.Image]:
    """The figure walks by itself, then acts the sentence."""
    async with Chromium(SIZE, scale=1.0) as page:
        await page.open(url)
        await page.wait_for(f"{TICK} > 2")
        await page.evaluate("document.getElementById('view').focus()")
        await page.press("KeyP")
        for _ in range(STEP_HZ):
            await step(page)
        pictures = await record(page, walk_s)
        await page.evaluate("document.getElementById('sentence').focus()")
        await page.type(sentence)
        await page.press("Enter")
        return pictures + await record(page, act_s, until_acted=True)


def save(pictures: list[Image.Image], folder: Path) -> None:
    """viewer.gif with one palette for all pictures, and viewer.png, the one three quarters in."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures[len(pictures) * 3 // 4].save(folder / "viewer.png", optimize=True)
    small = [picture.resize(SHOWN, Image.Resampling.LANCZOS) for picture in pictures]
    palette = _mosaic(small[:: max(1, len(small) // 6)]).quantize(COLOURS, Image.Quantize.FASTOCTREE)
    frames = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in small]
    frames[0].save(
        folder / "viewer.gif", save_all=True, append_images=frames[1:], duration=1000 * KEPT // STEP_HZ, loop=0, optimize=True, disposal=1
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
    options.add_argument("url")
    options.add_argument("--sentence", default="a person raises both hands")
    options.add_argument("--walk", type=float, default=4.0, help="seconds of walking")
    options.add_argument("--act", type=float, default=6.0, help="longest that the sentence may take, seconds")
    options.add_argument("--out", type=Path, default=Path("docs/pictures"))
    chosen = options.parse_args()
    pictures = asyncio.run(film(chosen.url, chosen.sentence, chosen.walk, chosen.act))
    save(pictures, chosen.out)
    for name in ("viewer.gif", "viewer.png"):
        print(f"{chosen.out / name}: {(chosen.out / name).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
