"""The two forms in which a guest comes, told apart by its first eight bytes."""

from __future__ import annotations

from enum import IntEnum

MAGIC = b"\x00asm"
CORE_VERSION = b"\x01\x00\x00\x00"
#: of the version field, the half that says whether it is a module (0) or a component (1)
_COMPONENT_LAYER = b"\x01\x00"


class Form(IntEnum):
    """A core module, or a component: one or more modules behind an interface of typed functions."""

    MODULE = 0
    COMPONENT = 1

    @property
    def noun(self) -> str:
        """What people call it."""
        return self.name.lower()


def form_of(data: bytes) -> Form:
    """Return the form that ``data`` says it has; whether it is valid is another question."""
    is_component = data[:4] == MAGIC and data[6:8] == _COMPONENT_LAYER
    return Form.COMPONENT if is_component else Form.MODULE


def is_binary_module(data: bytes) -> bool:
    """Return True where ``data`` begins as a WebAssembly binary does, module or component."""
    return data.startswith(MAGIC)
