"""The viewer's files, read once: only what is listed here can be served, so a request's path never reaches the file system."""

from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parent / "page"
CONTENT_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".md": "text/plain",
}


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    content_type: str


def load(first: str, folder: Path = PAGE) -> dict[str, Asset]:
    """URL path -> file; "/" is the page named `first`. Files of other types than CONTENT_TYPES are left out."""
    assets = {
        f"/{path.relative_to(folder).as_posix()}": Asset(path.read_bytes(), CONTENT_TYPES[path.suffix])
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in CONTENT_TYPES
    }
    assets["/"] = assets[f"/{first}"]
    return assets
