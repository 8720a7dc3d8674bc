from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import palyra_runtime
from palyra_runtime.sandbox import COMPONENT_FUNCTIONS, component_shape, entrypoint_problem, link_problems

WIT = Path(palyra_runtime.__file__).parent / "sdk" / "wit"
WASM_TOOLS = Path(sys.executable).parent / "wasm-tools"


def of_the_interface_definition(folder: Path) -> bytes:
    """A component that has what the definition says, and does nothing."""
    module, component = folder / "module.wasm", folder / "component.wasm"
    for command in (
        ["component", "embed", WIT, "--world", "palyra-plugin", "--dummy", "-o", module],
        ["component", "new", module, "-o", component],
    ):
        subprocess.run([WASM_TOOLS, *command], check=True)
    return component.read_bytes()


def test_the_interface_definition_says_what_the_host_offers(tmp_path):
    """What toolchains are given and what the sandbox links are the same functions with the same types."""
    shape = component_shape(of_the_interface_definition(tmp_path))

    wanted = {(each.module, each.name): each.signature for each in shape.imports}
    assert wanted == COMPONENT_FUNCTIONS


def test_what_is_built_to_the_interface_definition_links(tmp_path):
    """Its world is all that a plugin needs, and its export is an entrypoint."""
    data = of_the_interface_definition(tmp_path)

    assert (link_problems(data), entrypoint_problem(data)) == ([], None)
