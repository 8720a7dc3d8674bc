"""Errors of the sandbox that are the caller's to mend.

What a guest does wrong is not here: that is an outcome.
"""

from __future__ import annotations

from palyra_events.errors import InvalidInput


class InvalidModule(InvalidInput):
    """The bytes are not a WebAssembly module that this host accepts."""

    code = "INVALID_MODULE"
    advice = "Build the module as core WebAssembly 1.0 in binary form, against the guest contract."


class ModuleTooComplex(InvalidModule):
    """The module has more parts than this host compiles."""

    code = "MODULE_TOO_COMPLEX"
    advice = "Build with size optimisation, or split the module: compiling it would take too long."


class TooManyGrants(InvalidInput):
    """A class of capabilities has more grants than it has handles."""

    code = "TOO_MANY_GRANTS"
    advice = "Grant at most 10000 values of one class to a plugin."
