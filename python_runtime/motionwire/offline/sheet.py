"""The contact sheet of a folder of clips: `index.html`, one page without anything from elsewhere, to look at and choose from.

Sentences and names are text of the page and never part of its program; the page's own policy allows that one program and nothing else.
"""

import base64
import binascii
import hashlib
import html
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from motionwire.formats.atomic import write_atomically

TEMPLATE = Path(__file__).with_name("sheet.html")
FILE = "index.html"


def write_sheet(folder: Path) -> None:
    """Write the sheet of all clips in the folder that have a JSON beside them."""
    cards = [card for path in sorted(folder.glob("*.json")) if (card := _card(path)) is not None]
    page = TEMPLATE.read_text(encoding="utf-8")
    style, script = (page.partition(f"<{name}>")[2].partition(f"</{name}>")[0] for name in ("style", "script"))
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    page = page.replace("{{policy}}", policy).replace("{{count}}", str(len(cards))).replace("{{cards}}", "\n".join(cards))
    write_atomically(folder / FILE, page.encode())


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


class _Quality(msgspec.Struct):
    weighted_skate_cm_s: float = 0.0
    jerk_m_s3: float = 0.0
    contact_breaks_per_s: float = 0.0


class _About(msgspec.Struct):
    sentence: str
    seed: int
    seconds: float
    pictures: str
    order: str
    quality: _Quality


def _card(path: Path) -> str | None:
    """A clip's part of the page; None for a JSON that is none of ours, or whose clip is not there."""
    clip = path.with_name(path.name.removesuffix(".json"))
    try:
        about = msgspec.json.decode(path.read_bytes(), type=_About)
        base64.b64decode(about.pictures, validate=True)
    except (OSError, ValueError, RecursionError, binascii.Error):
        return None
    if not clip.is_file():
        return None
    quality = about.quality
    attributes: dict[str, Any] = {
        "pictures": about.pictures,
        "seconds": f"{about.seconds:g}",
        "skate": f"{quality.weighted_skate_cm_s:g}",
        "jerk": f"{quality.jerk_m_s3:g}",
        "breaks": f"{quality.contact_breaks_per_s:g}",
    }
    data = " ".join(f'data-{name}="{html.escape(value)}"' for name, value in attributes.items())
    figures = f"{about.seconds:.1f} s, seed {about.seed}, skate {quality.weighted_skate_cm_s:.1f} cm/s, jerk {quality.jerk_m_s3:.0f}"
    figures += f", breaks {quality.contact_breaks_per_s:.1f}/s"
    return (
        f'<figure {data}><canvas width="180" height="180"></canvas><figcaption><b>{html.escape(about.sentence) or "(no sentence)"}</b>'
        f'<a href="{html.escape(quote(clip.name))}">{html.escape(clip.name)}</a><small>{figures}</small></figcaption></figure>'
    )
