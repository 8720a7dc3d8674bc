from __future__ import annotations

import pytest
from wasmtime import Engine, Linker, Module, Store, wat2wasm

from palyra_runtime.sandbox import (
    HOST_CAPABILITIES_IMPORT_MODULE,
    CapabilityGrantSet,
    register_capability_bindings,
)
from palyra_runtime.sandbox.contract import HOST_FUNCTIONS

GRANTS = CapabilityGrantSet(
    http_hosts=("b", "a"), secret_keys=("k",), storage_prefixes=("p",), channels=("x", "y", "z")
)


def call(name: str, *arguments: int) -> int:
    """Call a function of the contract through a linker of one's own."""
    engine = Engine()
    linker = Linker(engine)
    register_capability_bindings(linker, GRANTS)
    params = "(param i32)" * len(arguments)
    text = f"""(module
      (import "{HOST_CAPABILITIES_IMPORT_MODULE}" "{name}" (func $f {params} (result i32)))
      (export "f" (func $f)))"""
    with Store(engine) as store:
        return linker.instantiate(store, Module(engine, wat2wasm(text))).exports(store)["f"](
            store, *arguments
        )


@pytest.mark.parametrize(
    ("capability", "count", "base"),
    [("http", 2, 10_000), ("secret", 1, 20_000), ("storage", 1, 30_000), ("channel", 3, 40_000)],
)
@pytest.mark.parametrize("spelling", ["{}-", "host_capability_{}_"])
def test_a_linker_of_ones_own_counts_and_hands_out(capability, count, base, spelling):
    """Under both names a guest sees its grants as it does in the runtime, and nothing past them."""
    prefix = spelling.format(capability)

    handles = [call(f"{prefix}handle", index) for index in (0, count - 1, count, -1)]

    assert (call(f"{prefix}count"), handles) == (count, [base, base + count - 1, -1, -1])


def test_all_capability_functions_of_the_contract_are_offered():
    """What links in the runtime links here."""
    engine = Engine()
    linker = Linker(engine)
    register_capability_bindings(linker, GRANTS)

    wanted = [names for names in HOST_FUNCTIONS if names[0] == HOST_CAPABILITIES_IMPORT_MODULE]
    with Store(engine) as store:
        assert [names for names in wanted if linker.get(store, *names) is None] == []
