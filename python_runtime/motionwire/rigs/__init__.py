"""Rigs that motion is put on: found by a built-in profile's name or in a profile file of the user's own."""

from motionwire.rigs.load import EXTENSION, character, load, profile

__all__ = ["EXTENSION", "character", "load", "profile"]
