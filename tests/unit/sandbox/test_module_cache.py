from __future__ import annotations

from palyra_runtime.sandbox.engine import new_engine
from palyra_runtime.sandbox.imports import HostImports
from palyra_runtime.sandbox.module_cache import ModuleCache, Refusal

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


def new_cache() -> ModuleCache:
    return ModuleCache(HostImports(new_engine()).linker)


def test_the_same_bytes_are_the_same_module():
    """A module is known by its digest, not by where its bytes come from."""
    cache = new_cache()

    assert cache.get(numbered(1)) is cache.get(bytes(bytearray(numbered(1))))


def test_the_module_that_was_not_asked_for_longest_is_dropped():
    """64 modules are kept; asking for one counts as using it."""
    cache = new_cache()
    first, second = cache.get(numbered(0)), cache.get(numbered(1))
    for number in range(2, 64):
        cache.get(numbered(number))
    cache.get(numbered(0))
    cache.get(numbered(64))

    assert (cache.get(numbered(0)) is first, cache.get(numbered(1)) is second) == (True, False)


def test_large_modules_push_out_others():
    """The sum of the sizes is bounded as well: 32 MiB."""
    cache = new_cache()
    large = [cache.get(numbered(number, padding=2 * 1024**2 - 64)) for number in range(16)]
    kept = cache.get(numbered(0, padding=2 * 1024**2 - 64)) is large[0]
    cache.get(numbered(16, padding=1024**2))

    assert (kept, cache.get(numbered(1, padding=2 * 1024**2 - 64)) is large[1]) == (True, False)


def test_a_refusal_is_remembered():
    """A module that does not compile is not compiled again and again."""
    module = new_cache().get(EMPTY + b"\1")

    assert isinstance(module.ready(), Refusal)
    assert module.ready() is module.ready()
