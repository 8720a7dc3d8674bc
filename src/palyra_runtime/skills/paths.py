"""Paths inside an artifact.

Nothing of an artifact is written to disk by these paths, yet they end up in logs, in other tools
and in people's shells; so one spelling is left of each, and none that climbs or hides.
"""

from __future__ import annotations

from palyra_runtime.skills.errors import InvalidArtifactPath

MODULES = "modules/"
ASSETS = "assets/"
MODULE_SUFFIX = ".wasm"

#: white space as Unicode has it; ``str.strip`` also takes four control characters, which the reference keeps
SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

#: bytes; more than any file system allows for one name, and less than a ZIP header could carry
PATH_BYTES_MAX = 1024


def normalize_path(path: str) -> str:
    r"""Return the one spelling of ``path``: trimmed, with ``/`` between its names.

        normalize_path(" assets\\logo.png ")  # "assets/logo.png"

    Raises:
        InvalidArtifactPath: it is empty, absolute or too long, has a drive, an empty, ``.`` or
            ``..`` segment, or a character that no file name has.
    """
    normal = path.strip(SPACE).replace("\\", "/")
    problem = _problem(normal)
    if problem:
        raise InvalidArtifactPath(f"The path {path[:200]!r} {problem}.", path=path)
    return normal


def is_module_path(path: str) -> bool:
    """Return whether a module of a skill lies at this path."""
    return (
        path.startswith(MODULES) and path.endswith(MODULE_SUFFIX) and len(path) > len(MODULES + MODULE_SUFFIX)
    )


def _problem(path: str) -> str | None:
    if not path:
        return "is empty"
    if path.startswith("/"):
        return "is absolute"
    if any(ord(character) < 0x20 or character in ":\x7f" for character in path):
        return "has a colon or a control character"
    if any(segment in {"", ".", ".."} for segment in path.split("/")):
        return "has an empty or a dot segment"
    return _encoding_problem(path)


def _encoding_problem(path: str) -> str | None:
    try:
        size = len(path.encode())
    except UnicodeEncodeError:
        return "is not valid Unicode"
    return f"is longer than {PATH_BYTES_MAX} bytes" if size > PATH_BYTES_MAX else None
