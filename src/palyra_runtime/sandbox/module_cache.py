"""Compiled modules, by the digest of their bytes.

Compiling takes milliseconds to seconds, running one some hundred microseconds. Each module is
compiled once, also when two threads ask for it at the same time, and what was refused once is
remembered too.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass

from wasmtime import FuncType, InstancePre, Linker, Module, ValType, WasmtimeError

from palyra_runtime.sandbox.errors import InvalidModule
from palyra_runtime.sandbox.outcome import COMPILE, LINK
from palyra_runtime.sandbox.shape import ModuleShape, module_shape
from palyra_runtime.sandbox.text import plain_text

#: modules kept, and the sum of their sizes before compiling; compiled they take about five times that
_MODULES_MAX = 64
_BYTES_MAX = 32 * 1024**2


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was run: an outcome and a sentence for people."""

    outcome: str
    message: str


@dataclass(frozen=True, slots=True)
class ReadyModule:
    """A module compiled and linked; ``entrypoints`` are its exports of type ``() -> i32``."""

    pre: InstancePre
    entrypoints: frozenset[str]


class CachedModule:
    """A module on its way from bytes to something that can be run, as far as anybody asked for it."""

    def __init__(self, data: bytes, linker: Linker) -> None:
        self.size = len(data)
        self._data = data
        self._linker = linker
        self._lock = threading.Lock()
        self._shape: ModuleShape | Refusal | None = None
        self._ready: ReadyModule | Refusal | None = None

    def shape(self) -> ModuleShape | Refusal:
        """Return the module's parts; this does not compile it."""
        with self._lock:
            return self._read_shape()

    def ready(self) -> ReadyModule | Refusal:
        """Return the module ready to run; the first call compiles it and later ones wait for that."""
        with self._lock:
            if self._ready is None:
                shape = self._read_shape()
                self._ready = shape if isinstance(shape, Refusal) else _prepare(self._data, self._linker)
            return self._ready

    def _read_shape(self) -> ModuleShape | Refusal:
        if self._shape is None:
            try:
                self._shape = module_shape(self._data)
            except InvalidModule as error:
                self._shape = Refusal(COMPILE, error.message)
        return self._shape


class ModuleCache:
    """The modules used last, for one engine; any number of threads may ask."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._lock = threading.Lock()
        self._modules: OrderedDict[bytes, CachedModule] = OrderedDict()
        self._bytes = 0

    def get(self, data: bytes) -> CachedModule:
        """Return the module of these bytes, compiled or not."""
        digest = hashlib.sha256(data).digest()
        with self._lock:
            module = self._modules.pop(digest, None)
            if module is None:
                module = CachedModule(data, self._linker)
                self._bytes += module.size
            self._modules[digest] = module
            self._evict()
        return module

    def _evict(self) -> None:
        while len(self._modules) > 1 and (len(self._modules) > _MODULES_MAX or self._bytes > _BYTES_MAX):
            _, module = self._modules.popitem(last=False)
            self._bytes -= module.size


def _prepare(data: bytes, linker: Linker) -> ReadyModule | Refusal:
    try:
        module = Module(linker.engine, data)
    except WasmtimeError as error:
        return Refusal(COMPILE, plain_text(f"The module does not compile: {error}"))
    try:
        pre = linker.instantiate_pre(module)
    except WasmtimeError as error:
        return Refusal(LINK, plain_text(f"The module does not link: {error}"))
    return ReadyModule(pre, frozenset(_entrypoints(module)))


def _entrypoints(module: Module) -> list[str]:
    """Return the exports that may be called as ``() -> i32``, by the engine's own reading of the module."""
    result = [ValType.i32()]
    types = [(export.name, export.type) for export in module.exports]
    return [
        name
        for name, kind in types
        if isinstance(kind, FuncType) and not kind.params and kind.results == result
    ]
