"""Errors of the sandbox that are the caller's to mend.

What a guest does wrong is not here: that is an outcome.
"""

from __future__ import annotations

from palyra_events.errors import InvalidInput, NotAllowed, Unavailable


class InvalidModule(InvalidInput):
    """The bytes are not a WebAssembly module that this host accepts."""

    code = "INVALID_MODULE"
    advice = "Build a core module or a component in binary form, against the guest contract."


class ModuleTooComplex(InvalidModule):
    """The module has more parts than this host compiles."""

    code = "MODULE_TOO_COMPLEX"
    advice = "Build with size optimisation, or split the module: compiling it would take too long."


class TooManyGrants(InvalidInput):
    """A class of capabilities has more grants than it has handles."""

    code = "TOO_MANY_GRANTS"
    advice = "Grant at most 10000 values of one class to a plugin."


class UnsupportedEngine(Unavailable):
    """The WebAssembly engine that is installed is not the one that this host was written for."""

    code = "UNSUPPORTED_ENGINE"
    advice = "Install the version that Palyra asks for: pip install --force-reinstall palyra."


class NoAddressSpace(Unavailable):
    """The system does not let this process map as much as its guests may need."""

    code = "NO_ADDRESS_SPACE"
    advice = "Raise the limit on virtual memory (ulimit -v), or run where there is none."


class SandboxBusy(Unavailable):
    """As many guests run as this process can hold, and none ended in time."""

    code = "SANDBOX_BUSY"
    advice = "Run fewer at the same time, or try again."
    retryable = True


class CompilerUnavailable(Unavailable):
    """The process that compiles modules cannot be started, or was lost."""

    code = "COMPILER_UNAVAILABLE"
    advice = "Try again; if it stays, look at the limits on processes and memory of this user."
    retryable = True


class WorkerUnavailable(Unavailable):
    """A process that runs guests cannot be started."""

    code = "WORKER_UNAVAILABLE"
    advice = "Look at the limits on processes and memory of this user, or choose thread isolation."
    retryable = True


class UnsafeModuleCache(NotAllowed):
    """The key that vouches for compiled modules can be read or replaced by others."""

    code = "UNSAFE_MODULE_CACHE"
    advice = "Delete the folder of compiled modules; it is made again, and modules are compiled anew."
