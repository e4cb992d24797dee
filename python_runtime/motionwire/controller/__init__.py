"""Gamepad intent to pose, batched over characters: the controller network's layout, its frame loop and foot locking."""
