"""The sandbox of programs that want one and do not say which: in this process, with nothing on disk."""

from __future__ import annotations

import atexit
import os
import threading

from palyra_runtime.sandbox.invocation import Execution, Invocation
from palyra_runtime.sandbox.sandbox import Sandbox
from palyra_runtime.sandbox.shape import Needs

_lock = threading.Lock()
_sandboxes: dict[int, Sandbox] = {}


def default_sandbox() -> Sandbox:
    """Return this process's sandbox, made when it is first asked for and closed at the end."""
    # By process: a child of a fork has neither the threads nor the processes of its parent's.
    owner = os.getpid()
    with _lock:
        if owner not in _sandboxes:
            _sandboxes[owner] = Sandbox()
            atexit.register(_sandboxes[owner].close)
        return _sandboxes[owner]


def invoke(module: bytes, invocation: Invocation) -> Execution:
    """Run one guest on this thread, in a fresh store, and return how it ended.

    Raises:
        BaseException: whatever the broker raised; the guest is ended, and nothing of it is kept.
    """
    return default_sandbox().invoke(module, invocation)


def compile_problem(module: bytes) -> str | None:
    """Return why the module, in binary or text form, does not compile on this host, or None."""
    return default_sandbox().checks.compile_problem(module)


def link_problems(module: bytes) -> list[str]:
    """Return every way in which the module does not fit the guest contract; none means that it links."""
    return default_sandbox().checks.link_problems(module)


def entrypoint_problem(module: bytes, entrypoint: str | None = None) -> str | None:
    """Return why the module cannot be started at ``entrypoint`` (None: the defaults), or None."""
    return default_sandbox().checks.entrypoint_problem(module, entrypoint)


def exported_function_count(module: bytes) -> int:
    """Return how many functions the module, in binary or text form, exports.

    Raises:
        InvalidModule: its sections cannot be read.
    """
    return default_sandbox().checks.exported_function_count(module)


def import_modules(module: bytes) -> list[str]:
    """Return the names of the modules, or interfaces, that it imports from, sorted and unique.

    Raises:
        InvalidModule: its sections cannot be read.
    """
    return default_sandbox().checks.import_modules(module)


def import_names(module: bytes) -> list[str]:
    """Return what the module imports, each as ``MODULE NAME``, sorted and unique; binary or text form.

    Raises:
        InvalidModule: its sections cannot be read.
    """
    return default_sandbox().checks.import_names(module)


def minimum_sizes(module: bytes) -> Needs:
    """Return what the module, in binary or text form, takes before its first instruction.

    Raises:
        InvalidModule: its sections cannot be read.
    """
    return default_sandbox().checks.minimum_sizes(module)
