"""What a guest is told when the host does not do what it asked."""

from __future__ import annotations


class Refused(Exception):
    """The host does not do what was asked; ``code`` is for the guest's program."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)
