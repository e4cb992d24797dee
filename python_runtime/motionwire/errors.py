"""The one exception that means "the user's input is wrong": its message is a single line that says what and where."""


class InputError(ValueError):
    """Bad input: a file, a message, an option. The command line prints the message alone and exits with `exit_code`."""

    exit_code = 2

    def __init__(self, message: str, where: object | None = None) -> None:
        text = " ".join(str(message).split())
        super().__init__(_visible(f"{where}: {text}" if where is not None else text))


def _visible(text: str) -> str:
    """Line breaks, terminal controls and undecodable bytes, as file names may hold them, escaped."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
