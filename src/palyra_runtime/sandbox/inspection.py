"""What an audit asks of a module before anybody runs it. All of it takes the bytes of strangers."""

from __future__ import annotations

from typing import Any

from wasmtime import WasmtimeError, wat2wasm

from palyra_runtime.sandbox.contract import HOST_FUNCTIONS, MEMORY_EXPORT
from palyra_runtime.sandbox.errors import InvalidModule
from palyra_runtime.sandbox.form import is_binary_module
from palyra_runtime.sandbox.linking import Shape, import_problems, shape_of
from palyra_runtime.sandbox.modules import Modules
from palyra_runtime.sandbox.outcome import COMPILE
from palyra_runtime.sandbox.refusal import Refusal
from palyra_runtime.sandbox.shape import ModuleShape, Needs
from palyra_runtime.sandbox.text import plain_text

#: nobody writes more by hand, and the text of a module is longer than its binary
_TEXT_BYTES_MAX = 8 * 1024**2
_IS_TEXT = "It is not a WebAssembly binary; the host runs no module text."


def wasm_from_text(text: str | bytes) -> bytes:
    """Return the binary of a module in text form; the sandbox itself runs only binaries.

    Raises:
        InvalidModule: it is not the text of a module.
    """
    raw = text.encode(errors="replace") if isinstance(text, str) else text
    if not raw or len(raw) > _TEXT_BYTES_MAX:
        raise InvalidModule(f"The module text must have 1 to {_TEXT_BYTES_MAX} bytes.")
    try:
        return bytes(wat2wasm(raw))
    except WasmtimeError as error:
        raise InvalidModule(
            plain_text(f"It is neither a WebAssembly binary nor module text: {error}")
        ) from error


class ModuleChecks:
    """The questions of an audit, answered with the compiler and the limits that runs have."""

    def __init__(self, modules: Modules[Any]) -> None:
        self._modules = modules

    def compile_problem(self, module: bytes) -> str | None:
        """Return why the module, in binary or text form, does not compile on this host, or None."""
        try:
            program = self._modules.get(_binary(module)).program()
        except InvalidModule as error:
            return error.message
        return program.message if isinstance(program, Refusal) and program.outcome == COMPILE else None

    def link_problems(self, module: bytes) -> list[str]:
        """Return every way in which the module does not fit the guest contract; none means that it links.

        Text form is one: what runs is the binary that was signed.
        """
        if not is_binary_module(module):
            return [_IS_TEXT]
        cached = self._modules.get(module)
        shape = cached.shape()
        if isinstance(shape, Refusal):
            return [shape.message]
        problems = import_problems(shape) + _memory_problems(shape)
        if problems:
            return problems
        program = cached.program()
        return [program.message] if isinstance(program, Refusal) else []

    def entrypoint_problem(self, module: bytes, entrypoint: str | None = None) -> str | None:
        """Return why the module cannot be started at ``entrypoint`` (None: the defaults), or None."""
        if not is_binary_module(module):
            return _IS_TEXT
        cached = self._modules.get(module)
        shape = cached.shape()
        found = shape if isinstance(shape, Refusal) else cached.entrypoint(entrypoint)
        return found.message if isinstance(found, Refusal) else None

    def exported_function_count(self, module: bytes) -> int:
        """Return how many functions the module or component, in binary or text form, exports.

        Raises:
            InvalidModule: its sections cannot be read.
        """
        return sum(export.kind == "func" for export in shape_of(_binary(module)).exports)

    def import_modules(self, module: bytes) -> list[str]:
        """Return the names of the modules, or interfaces, that it imports from, sorted and unique.

        Raises:
            InvalidModule: its sections cannot be read.
        """
        return sorted({wanted.module for wanted in shape_of(_binary(module)).imports})

    def import_names(self, module: bytes) -> list[str]:
        """Return what the module imports, each as ``MODULE NAME``, sorted and unique; binary or text form.

        Raises:
            InvalidModule: its sections cannot be read.
        """
        wanted = shape_of(_binary(module)).imports
        return sorted({plain_text(f"{each.module} {each.name}") for each in wanted})

    def minimum_sizes(self, module: bytes) -> Needs:
        """Return what the module, in binary or text form, takes before its first instruction.

        Raises:
            InvalidModule: its sections cannot be read.
        """
        needs = self._modules.get(_binary(module)).needs()
        if isinstance(needs, Refusal):
            raise InvalidModule(needs.message)
        return needs


def _binary(module: bytes) -> bytes:
    return module if is_binary_module(module) else wasm_from_text(module)


def _memory_problems(shape: Shape) -> list[str]:
    if not isinstance(shape, ModuleShape):
        return []
    needs = any(
        function.uses_memory
        for wanted in shape.imports
        if (function := HOST_FUNCTIONS.get((wanted.module, wanted.name)))
    )
    exported = {export.name: export.kind for export in shape.exports}
    if needs and exported.get(MEMORY_EXPORT) != "memory":
        return [f"It passes pointers to the host but does not export its memory as {MEMORY_EXPORT!r}."]
    return []
