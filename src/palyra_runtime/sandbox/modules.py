"""Modules and components on their way from bytes to something that runs.

    bytes ─> shape ─> quotas ─> compiled ─> linked
               │        │          │           │
               └────────┴─ refused ┴───────────┘

Compiling takes milliseconds to seconds, running one some dozen microseconds. Each module is compiled
once, also when two threads ask for it at the same time, and what was refused once is remembered too.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from wasmtime import WasmtimeError

from palyra_runtime.sandbox.contract import DEFAULT_ENTRYPOINTS
from palyra_runtime.sandbox.errors import InvalidModule
from palyra_runtime.sandbox.form import Form, form_of
from palyra_runtime.sandbox.linking import ENTRYPOINTS, Shape, import_problems, shape_of
from palyra_runtime.sandbox.module_cache import ModuleCache
from palyra_runtime.sandbox.outcome import COMPILE, LINK, MISSING_EXPORT
from palyra_runtime.sandbox.refusal import Refusal
from palyra_runtime.sandbox.shape import Needs
from palyra_runtime.sandbox.text import plain_text

#: modules kept, and the sum of their sizes before compiling; compiled they take about five times that
_MODULES_MAX = 64
_BYTES_MAX = 32 * 1024**2

T = TypeVar("T")


class Compile(Protocol):
    """Whatever compiles a module."""

    def compile(self, module: bytes) -> bytes | Refusal:
        """Return the module compiled for this host's engine, or why it does not compile."""


#: takes the form and digest of a module and its compiled code; returns what a runner runs
Load = Callable[[Form, bytes, bytes], T]


class CachedModule(Generic[T]):
    """One module or component, as far as anybody asked for it; any number of threads may."""

    def __init__(self, data: bytes, modules: Modules[T]) -> None:
        self.data = data
        self.form = form_of(data)
        self.digest = hashlib.sha256(data).digest()
        self._modules = modules
        self._lock = threading.Lock()
        self._shape: Shape | Refusal | None = None
        self._needs = Needs((), 0, 0)
        self._entrypoints: frozenset[str] = frozenset()
        self._program: T | Refusal | None = None

    def shape(self) -> Shape | Refusal:
        """Return the module's parts; this does not compile it."""
        with self._lock:
            return self._read_shape()

    def needs(self) -> Needs | Refusal:
        """Return what the module takes at the least; this does not compile it."""
        shape = self._shape or self.shape()
        return shape if isinstance(shape, Refusal) else self._needs

    def program(self) -> T | Refusal:
        """Return the module ready to run; the first call compiles it and later ones wait for that."""
        if self._program is not None:
            return self._program
        with self._lock:
            if self._program is None:
                shape = self._read_shape()
                self._program = shape if isinstance(shape, Refusal) else self._modules.prepare(self, shape)
            return self._program

    def entrypoint(self, asked: str | None) -> str | Refusal:
        """Return the export to call: the one asked for, or the first default one that is there."""
        shape = self.shape()
        if isinstance(shape, Refusal):
            return shape
        wanted = [shape.spelling(name) for name in (DEFAULT_ENTRYPOINTS if asked is None else (asked,))]
        for name in wanted:
            if name in self._entrypoints:
                return name
        spelled = " and no ".join(repr(name) for name in wanted)
        (result,) = ENTRYPOINTS[self.form].results
        text = f"The {self.form.noun} has no {spelled} of type () -> {result}."
        return Refusal(MISSING_EXPORT, plain_text(text))

    def _read_shape(self) -> Shape | Refusal:
        if self._shape is None:
            try:
                shape = shape_of(self.data)
                self._needs = shape.needs
                self._entrypoints = frozenset(
                    export.name for export in shape.exports if export.signature == ENTRYPOINTS[self.form]
                )
                self._shape = shape
            except InvalidModule as error:
                self._shape = Refusal(COMPILE, error.message)
        return self._shape


class Modules(Generic[T]):
    """The modules used last; any number of threads may ask.

    ``load`` makes what a runner runs of compiled code that this host vouches for: because its own
    compiler has just made it, or because the cache has found its MAC.
    """

    def __init__(self, compiler: Compile, cache: ModuleCache | None, load: Load[T]) -> None:
        self._compiler = compiler
        self._cache = cache
        self._load = load
        self._lock = threading.Lock()
        # Bytes know their hash after the first time, so looking up megabytes takes no longer.
        self._modules: OrderedDict[bytes, CachedModule[T]] = OrderedDict()
        self._bytes = 0

    def get(self, data: bytes) -> CachedModule[T]:
        """Return the module of these bytes, compiled or not."""
        with self._lock:
            module = self._modules.get(data)
            if module is None:
                module = self._modules[data] = CachedModule(data, self)
                self._bytes += len(data)
                self._evict()
            else:
                self._modules.move_to_end(data)
        return module

    def prepare(self, module: CachedModule[T], shape: Shape) -> T | Refusal:
        """Return a module ready to run, from the cache or newly compiled."""
        kept = self._cache.load(module.digest, module.form) if self._cache else None
        compiled = kept or self._compiler.compile(module.data)
        if isinstance(compiled, Refusal):
            return compiled
        if self._cache and not kept:
            self._cache.store(module.digest, module.form, compiled)
        for problem in import_problems(shape):
            return Refusal(LINK, f"The {module.form.noun} does not link: {problem}")
        try:
            return self._load(module.form, module.digest, compiled)
        except WasmtimeError as error:
            return Refusal(LINK, plain_text(f"The {module.form.noun} does not link: {error}"))

    def _evict(self) -> None:
        while len(self._modules) > 1 and (len(self._modules) > _MODULES_MAX or self._bytes > _BYTES_MAX):
            data, _ = self._modules.popitem(last=False)
            self._bytes -= len(data)
