"""The parts of the sandbox of which a process has one."""

from __future__ import annotations

import threading

from palyra_runtime.sandbox.engine import EpochTicker, new_engine
from palyra_runtime.sandbox.imports import HostImports
from palyra_runtime.sandbox.module_cache import ModuleCache


class SandboxHost:
    """An engine with its clock, the functions that guests import, and the compiled modules."""

    def __init__(self) -> None:
        self.engine = new_engine()
        self.ticker = EpochTicker(self.engine)
        self.imports = HostImports(self.engine)
        self.modules = ModuleCache(self.imports.linker)


_lock = threading.Lock()
_shared: list[SandboxHost] = []


def sandbox_host() -> SandboxHost:
    """Return this process's sandbox, made when it is first asked for."""
    with _lock:
        if not _shared:
            _shared.append(SandboxHost())
        return _shared[0]
