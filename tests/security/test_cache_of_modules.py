"""Compiled code is native code: what this home has not made is never given to the engine."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest
from wasmtime import Module

from palyra_runtime.sandbox import Form, Invocation, ModuleCache, Sandbox, UnsafeModuleCache, wasm_from_text
from palyra_runtime.sandbox import module_cache as cache_module

MODULE = wasm_from_text('(module (func (export "run") (result i32) (i32.const 7)))')
OTHER = wasm_from_text('(module (func (export "run") (result i32) (i32.const 8)))')
DIGEST = hashlib.sha256(MODULE).digest()


def entries(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.compiled"))


def answer(folder: Path, module: bytes = MODULE) -> int | None:
    """What the module returns in a sandbox that is new, over the cache in ``folder``."""
    with Sandbox(cache=ModuleCache.open(folder)) as sandbox:
        return sandbox.invoke(module, Invocation(None)).exit_code


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "modules"


@pytest.fixture
def loaded(monkeypatch) -> list[bytes]:
    """The bytes that the engine was given as compiled code."""
    given: list[bytes] = []
    original = Module.deserialize  # noqa: TID251 - to see that it is not called

    def recording(engine, compiled):
        given.append(bytes(compiled))
        return original(engine, compiled)

    monkeypatch.setattr(Module, "deserialize", recording)
    return given


@pytest.fixture
def compiled(monkeypatch) -> list[bytes]:
    """The modules that were compiled."""
    from palyra_runtime.sandbox.compiler import Compiler

    seen: list[bytes] = []
    original = Compiler.compile

    def recording(compiler, module):
        seen.append(module)
        return original(compiler, module)

    monkeypatch.setattr(Compiler, "compile", recording)
    return seen


def test_a_module_is_compiled_once_for_a_home(folder, compiled):
    """The next process loads what the first has compiled."""
    assert [answer(folder), answer(folder)] == [7, 7]
    assert compiled == [MODULE]


def test_the_folder_and_its_files_are_for_their_owner_alone(folder):
    """Nobody else reads the key, or puts something beside it."""
    answer(folder)
    modes = {path.name[:3]: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert set(modes.values()) == {0o600}


def flipped(content: bytes) -> list[bytes]:
    """The content with one bit changed: in the MAC, at both ends of the code, and in between."""
    places = [0, 31, 32, 33, len(content) - 1, *range(40, len(content), len(content) // 40)]
    return [content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] for at in places]


DAMAGE = {
    "empty": lambda content: [b""],
    "only the MAC": lambda content: [content[:32]],
    "half": lambda content: [content[: len(content) // 2]],
    "one byte short": lambda content: [content[:-1]],
    "one byte more": lambda content: [content + b"\0"],
    "no MAC": lambda content: [content[32:]],
    "a MAC of nothing": lambda content: [bytes(32) + content[32:]],
    "one bit": flipped,
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_entry_is_not_loaded(folder, name):
    """Whatever is changed, cut off or put in, the cache does not know the entry any more."""
    answer(folder)
    (entry,) = entries(folder)
    cache, found = ModuleCache.open(folder), []
    for content in DAMAGE[name](entry.read_bytes()):
        entry.write_bytes(content)
        found.append(cache.load(DIGEST, Form.MODULE))

    assert set(found) == {None}


def test_a_damaged_entry_is_compiled_again_and_never_reaches_the_engine(folder, loaded, compiled):
    """Three bits are flipped in the code; the engine sees only what the compiler has made."""
    answer(folder)
    (entry,) = entries(folder)
    good = entry.read_bytes()
    bad = bytearray(good)
    for at in (100, 5_000, len(bad) - 10):
        bad[at] ^= 0x10
    entry.write_bytes(bad)

    assert answer(folder) == 7
    assert (loaded, compiled) == ([good[32:], good[32:]], [MODULE, MODULE])
    assert entry.read_bytes() == good


def test_an_entry_in_the_place_of_another_is_not_loaded(folder, compiled):
    """A proof is of one module: good code under a wrong name is as bad as bad code."""
    answer(folder)
    (mine,) = entries(folder)
    answer(folder, OTHER)
    (others,) = [entry for entry in entries(folder) if entry != mine]
    mine.write_bytes(others.read_bytes())

    assert answer(folder) == 7
    assert compiled == [MODULE, OTHER, MODULE]


def test_an_entry_of_another_home_is_not_loaded(folder, tmp_path, compiled):
    """A cache that was copied without its key is worth nothing."""
    answer(folder)
    (entry,) = entries(folder)
    other = tmp_path / "other"
    ModuleCache.open(other)
    (other / entry.name).write_bytes(entry.read_bytes())

    assert answer(other) == 7
    assert compiled == [MODULE, MODULE]


def test_an_entry_of_another_engine_is_not_loaded(folder, monkeypatch, compiled):
    """After an upgrade, or on a processor of another kind, modules are compiled anew."""
    answer(folder)
    (old,) = entries(folder)
    monkeypatch.setattr(cache_module, "_engine", lambda _form: b"another engine")

    assert answer(folder) == 7
    assert len(compiled) == 2
    (new,) = [entry for entry in entries(folder) if entry != old]
    new.write_bytes(old.read_bytes())
    assert ModuleCache.open(folder).load(DIGEST, Form.MODULE) is None


def make_readable(folder: Path) -> None:
    (folder / "key").chmod(0o644)


def open_folder(folder: Path) -> None:
    folder.chmod(0o755)


def cut_key(folder: Path) -> None:
    (folder / "key").write_bytes(b"short")


@pytest.mark.parametrize("spoil", [make_readable, open_folder, cut_key])
def test_a_key_that_others_may_know_vouches_for_nothing(folder, spoil):
    """The cache is refused, with what to do about it."""
    ModuleCache.open(folder)
    spoil(folder)

    with pytest.raises(UnsafeModuleCache):
        ModuleCache.open(folder)


def test_a_cache_that_cannot_be_written_costs_only_time(folder):
    """Where the disk is full or the folder is gone, modules are compiled and run."""
    cache = ModuleCache.open(folder)
    (folder / "key").unlink()
    folder.rmdir()

    with Sandbox(cache=cache) as sandbox:
        assert sandbox.invoke(MODULE, Invocation(None)).exit_code == 7


def test_the_oldest_entries_make_room(folder, monkeypatch):
    """The folder does not grow without end."""
    cache = ModuleCache.open(folder)
    monkeypatch.setattr(cache_module, "_BYTES_MAX", 300)
    for number in range(5):
        before = entries(folder)
        cache.store(bytes([number]) * 32, Form.MODULE, b"x" * 60)
        (new,) = [entry for entry in entries(folder) if entry not in before]
        os.utime(new, (number, number))

    kept = [number for number in range(5) if cache.load(bytes([number]) * 32, Form.MODULE)]
    assert kept == [2, 3, 4]


def test_no_half_written_entry_is_left(folder):
    """Entries appear whole, under their name."""
    answer(folder)

    assert {path.name for path in folder.iterdir()} == {"key", entries(folder)[0].name}


def test_process_isolation_uses_the_same_entries(folder, compiled):
    """What one isolation has compiled, the other loads: it is the same code."""
    answer(folder)
    with Sandbox(isolation="process", workers=1, cache=ModuleCache.open(folder)) as sandbox:
        assert sandbox.invoke(MODULE, Invocation(None)).exit_code == 7

    assert compiled == [MODULE]
