"""Motion file formats: `read(path) -> Clip`, `write(clip, path)` by extension; one file per format."""

from motionwire.formats.registry import READABLE, WRITABLE, Format, format_for_writing, read, read_canonical, write

__all__ = ["READABLE", "WRITABLE", "Format", "format_for_writing", "read", "read_canonical", "write"]
