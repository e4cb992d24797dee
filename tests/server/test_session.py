"""What a session knows of its stream."""

from motionwire.server.session import Stream


class Compared(int):
    """A number that counts how often it is compared with others."""

    times = 0

    def __eq__(self, other: object) -> bool:
        Compared.times += 1
        return int(self) == other

    __hash__ = int.__hash__


def test_thousands_of_characters_are_told_apart_without_a_search() -> None:
    """A client may step 2,000 characters beside a stream of 2,000 others: a search through them all for each would hold everybody up."""
    stream = Stream(dict.fromkeys(range(2000)), 60.0, 0, 0.0)
    assert not any(stream.advances(Compared(character)) for character in range(2000, 4000))
    assert stream.advances(Compared(7))
    assert Compared.times < 4000
    assert Stream({}, 60.0, 0, 0.0).advances(5)
