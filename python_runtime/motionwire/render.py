"""Pictures of clips, drawn with Pillow: a contact sheet that a person can check at a glance, an animated GIF, an MP4.

A sheet has one block for each clip: its name, frame rate and length; figures over time from the side and at three quarters,
each seen from its own heading, so that a wrong knee or a mirrored arm shows; the root's path from above; the soft foot
contacts as bars. Left limbs are blue, right limbs red. Screen axes: the side view faces right, from above left is left.
"""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from motionwire.errors import InputError
from motionwire.formats.atomic import write_atomically, written_elsewhere
from motionwire.formats.optional import require
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import CONTACT_NAMES, soft_contacts
from motionwire.motion.skeleton import JOINT_NAMES, PARENTS

Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels
Colour = tuple[int, int, int]

LEFT, RIGHT, MIDDLE = (31, 96, 200), (208, 52, 44), (60, 60, 66)
INK, FAINT, PAPER = (30, 30, 34), (205, 205, 210), (255, 255, 255)
WIDTH, MARGIN, TITLE, ROW, FOOT = 1500, 16, 26, 200, 170  # pixels; ROW a row of figures, FOOT path and contacts
SIDE, THREE_QUARTER = np.radians(-90.0), np.radians(-35.0)  # where the camera stands, from the character's front to its left
TALL = 2.3  # metres that fit into a row of figures
HEAD, WRISTS, FEET = JOINT_NAMES.index("head"), (20, 21), (10, 11)
GIF_FPS, GIF_SIZE = 25.0, 320
VIDEO_FPS, VIDEO_SIZE = 60.0, 640


def contact_sheet(clips: Clip | Sequence[Clip], path: str | Path, figures: int = 14) -> None:
    """Write a picture of canonical clips, one block each, with `figures` poses over time; the format is the path's extension."""
    clips = [clips] if isinstance(clips, Clip) else list(clips)
    if not clips:
        raise InputError("no clip to draw", path)
    block = TITLE + 2 * ROW + FOOT + MARGIN
    image = Image.new("RGB", (WIDTH, block * len(clips) + MARGIN), PAPER)
    draw = ImageDraw.Draw(image)
    for index, clip in enumerate(clips):
        _block(draw, clip, MARGIN + index * block, figures)
    _save(image, Path(path))


def animated_gif(clip: Clip, path: str | Path) -> None:
    """Write a canonical clip as a GIF that follows the character at three quarters, true to time at up to 25 fps."""
    stride = max(1.0, clip.fps / GIF_FPS)
    images = list(_moving(clip, stride, GIF_SIZE))
    data = io.BytesIO()
    images[0].save(data, "GIF", save_all=True, append_images=images[1:], duration=round(1000 * stride / clip.fps), loop=0)
    write_atomically(path, data.getvalue())


def video(clip: Clip, path: str | Path) -> None:
    """Write a canonical clip as an MP4 that follows the character at three quarters, true to time at up to 60 fps.

    Needs imageio and its ffmpeg (extra `video`); raises InputError where they are not installed or the file cannot be written.
    """
    require("video", path)
    import imageio.v2 as imageio  # noqa: PLC0415 - an optional package

    stride = max(1.0, clip.fps / VIDEO_FPS)
    with written_elsewhere(path) as temporary:
        try:
            writer: Any = imageio.get_writer(temporary, format="FFMPEG", mode="I", fps=clip.fps / stride, macro_block_size=16)
            with writer:
                for image in _moving(clip, stride, VIDEO_SIZE):
                    writer.append_data(np.asarray(image))
        except (OSError, RuntimeError) as error:
            raise InputError(f"cannot write: {str(error).splitlines()[0][:120]}", path) from None


def _moving(clip: Clip, stride: float, size: int) -> Iterator[Image.Image]:
    """Every `stride`th frame of a canonical clip, square, with a mark on the ground every metre."""
    positions, headings = _drawable(clip)
    camera = headings[0] + THREE_QUARTER
    for frame in np.arange(0, len(clip), stride).astype(int):
        image = Image.new("RGB", (size, size), PAPER)
        draw = ImageDraw.Draw(image)
        _marks(draw, positions[frame, 0], camera, size)
        _figure(draw, positions[frame], camera, (0, 0, size, size), width=max(3, size // 80))
        yield image


def _marks(draw: ImageDraw.ImageDraw, root: NDArray[np.floating], camera: float, size: int) -> None:
    """The metres of the ground across the picture, which pass by as the character goes."""
    scale = size / TALL
    along = root[0] * np.cos(camera) - root[2] * np.sin(camera)
    for metre in range(int(np.floor(along - TALL)), int(np.ceil(along + TALL)) + 1):
        x, ground = size / 2 + (metre - along) * scale, size - 0.1 * scale
        draw.line((x, ground, x - 0.04 * scale, ground + 0.07 * scale), MIDDLE, 2)


def _block(draw: ImageDraw.ImageDraw, clip: Clip, top: float, figures: int) -> None:
    positions, headings = _drawable(clip)
    legend = f"{clip.name or 'clip'}    {clip.fps:g} fps    {len(clip)} frames    {clip.seconds:.2f} s"
    draw.text((MARGIN, top), legend, INK, _font(17))
    for text, colour, place in (("left", LEFT, WIDTH - 150), ("right", RIGHT, WIDTH - 90)):
        draw.text((place, top), text, colour, _font(17))
    frames = np.unique(np.linspace(0, len(clip) - 1, figures).round().astype(int))
    cell = (WIDTH - 2 * MARGIN) / figures
    for row, (camera, name) in enumerate(((SIDE, "side"), (THREE_QUARTER, "three quarters"))):
        y = top + TITLE + row * ROW
        for column, frame in enumerate(frames):
            x = MARGIN + column * cell
            _figure(draw, positions[frame], headings[frame] + camera, (x, y, x + cell, y + ROW - 16))
            draw.text((x + cell / 2, y + ROW - 14), f"{frame / clip.fps:.2f} s", INK, _font(11), anchor="ma")
        draw.text((MARGIN, y), name, INK, _font(11))
    y = top + TITLE + 2 * ROW + 6
    _path(draw, clip.root_positions, headings, frames, (MARGIN, y, MARGIN + 300, y + FOOT - 20))
    _contacts(draw, clip, frames, (MARGIN + 400, y, WIDTH - MARGIN, y + FOOT - 20))


def _figure(draw: ImageDraw.ImageDraw, joints: NDArray[np.floating], camera: float, box: Box, width: int = 3) -> None:
    """One pose [22, 3] seen from the world direction `camera` (rad), centred on its root, the ground near the box's bottom."""
    left, top, right, bottom = box
    scale = (bottom - top) / TALL
    relative = joints - joints[0] * (1, 0, 1)
    across = relative[:, 0] * np.cos(camera) - relative[:, 2] * np.sin(camera)
    depth = relative[:, 0] * np.sin(camera) + relative[:, 2] * np.cos(camera)
    ground = bottom - 0.1 * scale
    x, y = (left + right) / 2 + across * scale, ground - joints[:, 1] * scale
    draw.line((left + 4, ground, right - 4, ground), FAINT, 1)
    for joint in sorted(range(1, len(PARENTS)), key=lambda j: depth[j] + depth[PARENTS[j]]):
        parent = PARENTS[joint]
        draw.line((x[parent], y[parent], x[joint], y[joint]), _colour(joint), width)
    radius = 0.1 * scale
    neck = joints[HEAD] - joints[PARENTS[HEAD]]
    middle = joints[HEAD] + neck * (0.09 / max(1e-6, float(np.linalg.norm(neck))))
    dx = (middle - joints[0]) @ (np.cos(camera), 0, -np.sin(camera))
    _dot(draw, (left + right) / 2 + dx * scale, ground - middle[1] * scale, radius, MIDDLE, filled=False)
    for joint in (*WRISTS, *FEET):
        _dot(draw, x[joint], y[joint], width * 0.9, _colour(joint))


def _path(
    draw: ImageDraw.ImageDraw, roots: NDArray[np.floating], headings: NDArray[np.floating], frames: NDArray[np.int_], box: Box
) -> None:
    """The root's way from above (left is +X, up the sheet is +Z), with a stroke towards the heading at the drawn frames."""
    left, top, right, bottom = box
    ground = roots[:, (0, 2)]
    middle = (ground.max(axis=0) + ground.min(axis=0)) / 2
    extent = max(1.0, float(np.ptp(ground, axis=0).max()) * 1.15)
    scale = min(right - left, bottom - top) / extent
    x, y = (left + right) / 2 - (ground[:, 0] - middle[0]) * scale, (top + bottom) / 2 - (ground[:, 1] - middle[1]) * scale
    draw.rectangle(box, outline=FAINT)
    if len(roots) > 1:
        draw.line(list(zip(x.tolist(), y.tolist(), strict=True)), MIDDLE, 2)
    for frame in frames:
        draw.line((x[frame], y[frame], x[frame] - np.sin(headings[frame]) * 12, y[frame] - np.cos(headings[frame]) * 12), RIGHT, 1)
    _dot(draw, x[0], y[0], 4, LEFT)
    travelled = float(np.linalg.norm(np.diff(ground, axis=0), axis=1).sum())
    draw.text((left, bottom + 6), f"root from above, box {extent:.1f} m, way {travelled:.2f} m, dot: start", INK, _font(11))


def _contacts(draw: ImageDraw.ImageDraw, clip: Clip, frames: NDArray[np.int_], box: Box) -> None:
    """Four bars of contact probability over time, with the height of the toes over the ground below them."""
    left, top, right, bottom = box
    contacts = soft_contacts(clip)
    height = (bottom - top) / len(CONTACT_NAMES)
    columns = np.linspace(0, len(clip) - 1, int(right - left)).round().astype(int)
    for row, name in enumerate(CONTACT_NAMES):
        y, colour = top + row * height, np.array(LEFT if name.startswith("left") else RIGHT)
        for column, frame in enumerate(columns):
            shade = tuple((255 - (255 - colour) * float(contacts[frame, row])).astype(int).tolist())
            draw.line((left + column, y + 2, left + column, y + height - 2), shade)
        draw.text((left - 6, y + height / 2), name.replace("_", " "), INK, _font(11), anchor="rm")
    draw.rectangle(box, outline=FAINT)
    for frame in frames:
        x = left + (right - left) * frame / max(1, len(clip) - 1)
        draw.line((x, bottom, x, bottom + 4), INK)
    lowest = clip.world()[0][:, FEET, 1].min()
    draw.text((left, bottom + 6), f"foot contacts over time; lowest foot joint {100 * lowest:.1f} cm over the ground", INK, _font(11))


def _drawable(clip: Clip) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """World positions [T, 22, 3] and headings [T]; raises InputError for a clip that is not canonical."""
    if not clip.skeleton.is_canonical:
        raise InputError("only canonical clips can be drawn (retarget it first)", clip.name or None)
    return clip.world()[0], rot.yaw_of(clip.rotations[:, 0])


def _colour(joint: int) -> Colour:
    name = JOINT_NAMES[joint]
    return LEFT if name.startswith("left") else RIGHT if name.startswith("right") else MIDDLE


def _dot(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: Colour, filled: bool = True) -> None:
    box = (x - radius, y - radius, x + radius, y + radius)
    draw.ellipse(box, fill=colour if filled else None, outline=colour, width=2)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _save(image: Image.Image, path: Path) -> None:
    extension = path.suffix.lower()
    if extension not in (".png", ".jpg", ".jpeg", ".webp"):
        raise InputError(f"a picture is .png, .jpg or .webp, not {extension!r}", path)
    data = io.BytesIO()
    try:
        image.save(data, Image.registered_extensions()[extension])
    except (OSError, ValueError):  # the one thing that can go wrong in memory
        size = f"{image.width} x {image.height}"
        raise InputError(f"a picture of {size} pixels is too large for {extension}: take fewer clips, or .png", path) from None
    write_atomically(path, data.getvalue())
