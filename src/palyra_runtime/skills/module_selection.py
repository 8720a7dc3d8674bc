"""Which module of a skill a binding means."""

from __future__ import annotations

from collections.abc import Iterable

from palyra_events.errors import InvalidInput
from palyra_runtime.skills.paths import MODULE_SUFFIX, MODULES, is_module_path


class InvalidModulePath(InvalidInput):
    """This is not the path of a module in an artifact."""

    code = "INVALID_MODULE_PATH"
    advice = "Give a path such as modules/plugin.wasm."


class UnknownModule(InvalidInput):
    """The skill has no such module."""

    code = "UNKNOWN_MODULE"
    advice = "List a skill's modules with: palyra skill show SKILL"


class AmbiguousModule(InvalidInput):
    """The skill has not exactly one module, so one must be named."""

    code = "AMBIGUOUS_MODULE"
    advice = "Name the module with --module; list them with: palyra skill show SKILL"


def normalize_module_path(text: str | None) -> str | None:
    """Return the path trimmed; None for none and for a blank one, which mean the skill's only module.

    Raises:
        InvalidModulePath: it is not ``modules/….wasm``, or could climb out of that folder.
    """
    path = (text or "").strip()
    if not path:
        return None
    if ".." in path or "\0" in path or not is_module_path(path):
        raise InvalidModulePath(
            f"{path[:200]!r} is not a path {MODULES}NAME{MODULE_SUFFIX}.", module_path=path
        )
    return path


def select_module(paths: Iterable[str], requested: str | None) -> str:
    """Return the path of the requested module, or of the only one.

    ``paths`` are an artifact's; entries that are no modules do not count.

    Raises:
        InvalidModulePath: the request is not the path of a module.
        UnknownModule: the artifact does not have it.
        AmbiguousModule: nothing is requested, and there is not exactly one.
    """
    candidates = sorted(path for path in paths if is_module_path(path))
    wanted = normalize_module_path(requested)
    if wanted is not None and wanted not in candidates:
        raise UnknownModule(f"The skill has no module {wanted}.", module_path=wanted)
    if wanted is None and len(candidates) != 1:
        raise AmbiguousModule(
            f"The skill has {len(candidates)} modules; say which one by module_path.", modules=candidates
        )
    return wanted or candidates[0]
