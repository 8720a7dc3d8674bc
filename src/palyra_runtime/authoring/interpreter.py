"""MicroPython as a module: the interpreter comes built, and a program is data that is put into it.

The interpreter compiles the program itself, in the sandbox, so no other tool is needed; what it runs is
bytecode, which costs a plugin's run a tenth of the fuel that reading source would. The program is laid
behind the memory that the interpreter starts with, where it looks for one. It begins with its size,
followed by its files; each is a name and a content, both preceded by their length (4 bytes, little
endian).

Source: WebAssembly core specification 1.0, section 5.5 (sections of a binary module).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from palyra_runtime.authoring.errors import BuildFailed
from palyra_runtime.authoring.project import KIT
from palyra_runtime.authoring.recipe import SOURCES
from palyra_runtime.sandbox import HostCall, Invocation, Limits, invoke
from palyra_runtime.sandbox.reader import Reader

INTERPRETER_PATH = f"{KIT}/micropython.wasm"

#: the release of MicroPython that comes with Palyra
INTERPRETER_VERSION = "1.25.0"

#: the function of the interpreter that compiles
_COMPILE = "palyra_compile"
_COMPILE_LIMITS = Limits(fuel_budget=20_000_000_000, timeout_ms=60_000, output_bytes_max=4 * 1024**2)

_PAGE_BYTES = 65_536
_HEADER_BYTES = 8
_MEMORY, _DATA, _DATA_COUNT = 5, 11, 12
_I32_CONST, _END = b"\x41", b"\x0b"


def with_program(interpreter: bytes, program: bytes) -> bytes:
    """Return the interpreter with a program behind its memory.

    Raises:
        BuildFailed: it has no memory of its own, so it is not the interpreter.
        InvalidModule: it is not a WebAssembly binary.
    """
    sections = list(_sections(interpreter))
    memory = next((content for number, content in sections if number == _MEMORY), None)
    if memory is None:
        raise BuildFailed(f"{INTERPRETER_PATH} is not the interpreter.", output="It has no memory.")
    pages = _pages(memory)
    document = len(program).to_bytes(4, "little") + program
    laid = _Laid(pages, document)
    edited = ((number, _EDITS.get(number, _as_it_is)(content, laid)) for number, content in sections)
    return interpreter[:_HEADER_BYTES] + b"".join(_section(number, content) for number, content in edited)


def compile_program(interpreter: bytes, main: str, files: Mapping[str, bytes]) -> bytes:
    """Return a program: the file ``main``, and the others by the names that it imports them by.

    A file of the author's hides one of the kit that has its name, as it would in a folder.

    Raises:
        BuildFailed: a file is not Python; ``output`` is what the interpreter says.
    """
    named = {path.removeprefix(f"{KIT}/"): path for path in files if path.startswith(f"{KIT}/")}
    named |= {path.removeprefix(f"{SOURCES}/"): path for path in files if path.startswith(f"{SOURCES}/")}
    first = main.removeprefix(f"{SOURCES}/")
    return b"".join(
        _counted(_bytecode_name(name)) + _counted(_bytecode(interpreter, named[name], files[named[name]]))
        for name in (first, *sorted(named.keys() - {first}))
    )


def _bytecode(interpreter: bytes, path: str, source: bytes) -> bytes:
    document = path.encode() + b"\0" + source
    execution = invoke(
        interpreter, Invocation(_Nobody(), document, entrypoint=_COMPILE, limits=_COMPILE_LIMITS)
    )
    if execution.exit_code != 0:
        said = "\n".join(line.text for line in execution.logs)
        raise BuildFailed(f"micropython could not build {path}.", output=said or execution.message)
    return execution.output


def _bytecode_name(name: str) -> bytes:
    return f"{name.removesuffix('.py')}.mpy".encode()


class _Nobody:
    """Answers the compiler, which asks for nothing."""

    def answer(self, _call: HostCall) -> bytes:
        return b"{}"


@dataclass(frozen=True, slots=True)
class _Laid:
    """A document, and the page of memory that it begins with."""

    page: int
    document: bytes


def _sections(module: bytes) -> Iterator[tuple[int, bytes]]:
    reader = Reader(module, _HEADER_BYTES)
    while not reader.at_end:
        number = reader.byte()
        yield number, reader.raw(reader.u32())


def _pages(memory: bytes) -> int:
    """Return the pages that a module's one memory starts with, by its memory section."""
    reader = Reader(memory)
    if (reader.u32(), reader.byte()) != (1, 0):
        raise BuildFailed(f"{INTERPRETER_PATH} is not the interpreter.", output="Its memory has a maximum.")
    return reader.u32()


def _more_memory(_content: bytes, laid: _Laid) -> bytes:
    pages = laid.page + -(-len(laid.document) // _PAGE_BYTES)
    return _u32(1) + b"\x00" + _u32(pages)


def _one_segment_more(content: bytes, laid: _Laid) -> bytes:
    reader = Reader(content)
    count = reader.u32()
    place = _I32_CONST + _s32(laid.page * _PAGE_BYTES) + _END
    segment = b"\x00" + place + _u32(len(laid.document)) + laid.document
    return _u32(count + 1) + content[reader.position :] + segment


def _one_more(content: bytes, _laid: _Laid) -> bytes:
    return _u32(Reader(content).u32() + 1)


def _as_it_is(content: bytes, _laid: _Laid) -> bytes:
    return content


_EDITS: Mapping[int, Callable[[bytes, _Laid], bytes]] = MappingProxyType(
    {_MEMORY: _more_memory, _DATA: _one_segment_more, _DATA_COUNT: _one_more}
)


def _section(number: int, content: bytes) -> bytes:
    return bytes([number]) + _u32(len(content)) + content


def _counted(content: bytes) -> bytes:
    return len(content).to_bytes(4, "little") + content


def _u32(value: int) -> bytes:
    """Return an unsigned number in LEB128."""
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])


def _s32(value: int) -> bytes:
    """Return a number that is not negative in signed LEB128: its last byte has bit 6 clear."""
    encoded = bytearray()
    while value >= 0x40:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])
