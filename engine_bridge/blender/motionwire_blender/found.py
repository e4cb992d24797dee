"""What an animator may rename meanwhile, found again. A reference of Blender's own does not outlive an undo."""


class Found:
    """A scene or an object, by the number that Blender gives it for the session; before Blender 4.1 by its name."""

    def __init__(self, it):
        self._name, self._number = it.name, getattr(it, "session_uid", None)

    def among(self, collection):
        """It, None when it is gone. collection: bpy.data.scenes or bpy.data.objects."""
        named = collection.get(self._name)
        if self._number is None or (named is not None and named.session_uid == self._number):
            return named
        return next((each for each in collection if each.session_uid == self._number), None)
