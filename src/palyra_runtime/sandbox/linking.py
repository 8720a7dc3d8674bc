"""What a guest wants from its host, held against what the host offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from palyra_runtime.sandbox.component_contract import COMPONENT_FUNCTIONS, ENTRYPOINT
from palyra_runtime.sandbox.component_sections import ComponentShape, component_shape
from palyra_runtime.sandbox.contract import HOST_FUNCTIONS
from palyra_runtime.sandbox.form import Form, form_of
from palyra_runtime.sandbox.shape import Import, ModuleShape, Signature, module_shape
from palyra_runtime.sandbox.text import plain_text

_WASI = "wasi:"

_OFFERED: dict[Form, Mapping[tuple[str, str], Signature]] = {
    Form.MODULE: {
        names: Signature(("i32",) * function.params, ("i32",) * function.results)
        for names, function in HOST_FUNCTIONS.items()
    },
    Form.COMPONENT: COMPONENT_FUNCTIONS,
}

#: the type of an entrypoint in each form
ENTRYPOINTS = {Form.MODULE: Signature((), ("i32",)), Form.COMPONENT: ENTRYPOINT}

Shape = ModuleShape | ComponentShape


def shape_of(data: bytes) -> Shape:
    """Return the parts of the module or component in ``data``.

    Raises:
        InvalidModule: it is neither in binary form, or cut off, or uses a feature that is off.
        ModuleTooComplex: it has more parts than this host compiles.
    """
    return component_shape(data) if form_of(data) is Form.COMPONENT else module_shape(data)


def import_problems(shape: Shape) -> list[str]:
    """Return every import that the host does not offer, or offers as something else."""
    offered = _OFFERED[shape.form]
    wasi = sorted({wanted.module for wanted in shape.imports if wanted.module.startswith(_WASI)})
    own = (wanted for wanted in shape.imports if not wanted.module.startswith(_WASI))
    problems = [problem for wanted in own if (problem := _import_problem(wanted, offered))]
    return [*_wasi_problems(wasi), *problems]


def _wasi_problems(interfaces: list[str]) -> Iterable[str]:
    """Say once what is wrong with all of them, as there is one thing to do about it."""
    if interfaces:
        more = f" and {len(interfaces) - 1} more of WASI" if len(interfaces) > 1 else ""
        yield plain_text(
            f"It imports {interfaces[0]!r}{more}; there is no WASI here."
            " Build it with stubs in its place: componentize-py componentize --stub-wasi."
        )


def _import_problem(wanted: Import, offered: Mapping[tuple[str, str], Signature]) -> str | None:
    name = f"{wanted.module!r} {wanted.name!r}" if wanted.name else f"{wanted.module!r}"
    expected = offered.get((wanted.module, wanted.name))
    if expected is None:
        return plain_text(f"It imports {name}, which the host does not offer.")
    if wanted.signature != expected:
        given = wanted.signature or f"a {wanted.kind}"
        return plain_text(f"It imports {name} as {given}; the host offers {expected}.")
    return None
