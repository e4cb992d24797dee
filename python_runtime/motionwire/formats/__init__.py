"""Motion file formats: `read(path) -> Clip`, `write(clip, path)` by extension; one file per format."""

from motionwire.formats.registry import READABLE, read

__all__ = ["READABLE", "read"]
