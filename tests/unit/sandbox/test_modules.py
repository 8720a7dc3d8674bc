from __future__ import annotations

import pytest

from palyra_runtime.sandbox import InvalidModule, module_shape
from palyra_runtime.sandbox.compiler import Compiler
from palyra_runtime.sandbox.modules import Modules, import_problems
from palyra_runtime.sandbox.refusal import Refusal

EMPTY = b"\0asm\1\0\0\0"


def numbered(number: int, padding: int = 0) -> bytes:
    """An empty module that differs from every other in a custom section."""
    content = number.to_bytes(3, "big") + bytes(padding)
    return (
        EMPTY
        + b"\0"
        + b"%c%c%c" % (len(content) & 127 | 128, len(content) >> 7 & 127 | 128, len(content) >> 14)
        + content
    )


@pytest.fixture(scope="module")
def compiler():
    compiler = Compiler()
    yield compiler
    compiler.close()


@pytest.fixture
def modules(compiler) -> Modules[bytes]:
    """Modules whose programs are their compiled bytes."""
    return Modules(compiler, None, lambda _digest, compiled: compiled)


def test_the_same_bytes_are_the_same_module(modules):
    """A module is known by its bytes, not by where they come from."""
    assert modules.get(numbered(1)) is modules.get(bytes(bytearray(numbered(1))))


def test_the_module_that_was_not_asked_for_longest_is_dropped(modules):
    """64 modules are kept; asking for one counts as using it."""
    first, second = modules.get(numbered(0)), modules.get(numbered(1))
    for number in range(2, 64):
        modules.get(numbered(number))
    modules.get(numbered(0))
    modules.get(numbered(64))

    assert (modules.get(numbered(0)) is first, modules.get(numbered(1)) is second) == (True, False)


def test_large_modules_push_out_others(modules):
    """The sum of the sizes is bounded as well: 32 MiB."""
    large = [modules.get(numbered(number, padding=2 * 1024**2 - 64)) for number in range(16)]
    kept = modules.get(numbered(0, padding=2 * 1024**2 - 64)) is large[0]
    modules.get(numbered(16, padding=1024**2))

    assert (kept, modules.get(numbered(1, padding=2 * 1024**2 - 64)) is large[1]) == (True, False)


def test_a_refusal_is_remembered(modules):
    """A module that does not compile is not compiled again and again."""
    module = modules.get(EMPTY + b"\1")

    assert isinstance(module.program(), Refusal)
    assert module.program() is module.program()


@pytest.mark.parametrize("name", ["echo", "probe", "ask", "log_storm"])
def test_the_guest_contract_is_offered_whole(guest, name):
    """What a guest of the contract imports is there, as it imports it."""
    assert import_problems(module_shape(guest(name))) == []


def test_a_module_that_cannot_be_read_has_no_shape():
    """The reader of sections says so before anything is compiled."""
    with pytest.raises(InvalidModule):
        module_shape(b"\0asm\2\0\0\0")
