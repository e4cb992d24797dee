"""Motion file formats: `read(path) -> Clip`, `write(clip, path)` by extension; one file per format."""

from motionwire.formats.registry import READABLE, WRITABLE, check_writable, needs_canonical, read, read_canonical, write

__all__ = ["READABLE", "WRITABLE", "check_writable", "needs_canonical", "read", "read_canonical", "write"]
