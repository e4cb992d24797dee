"""Motionwire: a neural animation engine for games. This package is the runtime; it never imports torch."""

__version__ = "0.1.0"
