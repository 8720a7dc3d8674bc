"""The guest contract as components have it: the same functions, with types for text.

`palyra_runtime/sdk/wit` says the same in the language of interfaces, for toolchains.
"""

from __future__ import annotations

from palyra_runtime.sandbox.handles import CAPABILITY_CLASSES
from palyra_runtime.sandbox.shape import Signature

IO_INTERFACE = "palyra:plugins/host-io@0.3.0"
CAPABILITIES_INTERFACE = "palyra:plugins/host-capabilities@0.3.0"

_IO = {
    "input": Signature((), ("string",)),
    "output": Signature(("string",), ("bool",)),
    "log": Signature(("u32", "string"), ()),
    "call": Signature(("string",), ("string",)),
}
_COUNT, _HANDLE = Signature((), ("s32",)), Signature(("s32",), ("s32",))

#: every function of the contract by its interface and its name
COMPONENT_FUNCTIONS: dict[tuple[str, str], Signature] = {
    **{(IO_INTERFACE, name): signature for name, signature in _IO.items()},
    **{(CAPABILITIES_INTERFACE, f"{name}-count"): _COUNT for name in CAPABILITY_CLASSES},
    **{(CAPABILITIES_INTERFACE, f"{name}-handle"): _HANDLE for name in CAPABILITY_CLASSES},
}

#: the type of an entrypoint
ENTRYPOINT = Signature((), ("s32",))
