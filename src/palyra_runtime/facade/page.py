"""Which part of a long listing somebody asks for."""

from __future__ import annotations

from palyra_events.errors import InvalidInput
from palyra_events.store.log import POSITION_MAX


class PageOutOfRange(InvalidInput):
    """A page begins after a position of a log, and has a number of rows."""

    code = "PAGE_OUT_OF_RANGE"
    advice = "Name a position that is not negative, and a number of rows that is not negative."


def check_page(after: int, limit: int) -> None:
    """Check that a page can be asked for; both databases count to 2^63 - 1.

    Raises:
        PageOutOfRange: one of the numbers is negative, or larger than that.
    """
    for noun, number in (("position", after), ("number of rows", limit)):
        if not 0 <= number <= POSITION_MAX:
            raise PageOutOfRange(f"{number} is no {noun}.")
