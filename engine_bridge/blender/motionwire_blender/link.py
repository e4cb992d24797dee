"""The one connection of this Blender, shared by all that the add-on does. Whoever waits for something listens."""

import bpy

from . import preferences
from .wire import connection as wire

_connection = None
_place = None  # (host, port, token) of the connection
_listeners = []
_last_number = 0


def open_():
    """The connection to the runtime that the preferences name: a new one where there is none, or where it was refused."""
    global _connection, _place
    chosen = preferences.get()
    place = (chosen.host, chosen.port, chosen.token)
    if _connection is None or _place != place or _connection.state in (wire.REFUSED, wire.CLOSED):
        close()
        _connection = wire.Connection(*place, engine=f"blender {bpy.app.version_string}")
        _place = place
    return _connection


def current():
    """The connection, None before the first use."""
    return _connection


def close():
    """Leave the runtime."""
    global _connection
    if _connection is not None:
        connection, _connection = _connection, None
        _tell([{"t": "lost"}])
        connection.close()


def listen(listener):
    """Let a function have each message from the next `pump` on; pump before it, or it hears what came while nobody waited."""
    _listeners.append(listener)


def unlisten(listener):
    """The end of `listen`."""
    if listener in _listeners:
        _listeners.remove(listener)


def pump():
    """Hand what has come to the listeners; called by whoever waits, on Blender's own thread."""
    if _connection is not None:
        _tell(_connection.messages())


def number(count=1):
    """The first of so many numbers for requests that were not used before."""
    global _last_number
    first = _last_number + 1
    _last_number += count
    return first


def status():
    """A line for people."""
    if _connection is None:
        return "not connected yet"
    if _connection.state != wire.OPEN:
        return _connection.problem
    models = _connection.welcome.get("models") or [{}]
    return f"connected to {_connection.host}:{_connection.port}, bundle {models[0].get('name', '?')}"


def licence():
    """What the runtime says that its motion may not be used for, empty if nothing."""
    if _connection is None or _connection.state != wire.OPEN:
        return ""
    model = (_connection.welcome.get("models") or [{}])[0]
    return f"{model['licence']}: not for commercial use" if model.get("licence") and not model.get("commercial_use") else ""


def _tell(messages):
    for message in messages:
        for listener in tuple(_listeners):
            listener(message)
