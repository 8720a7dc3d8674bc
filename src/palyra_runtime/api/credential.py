"""The token that the command line shows to a gateway, and where it is kept."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from palyra_events.errors import NotAllowed

TOKEN_VARIABLE = "PALYRA_TOKEN"  # noqa: S105 - its name, not a token
#: in the home, where neither an option nor the variable tells one
TOKEN_FILE = "token"  # noqa: S105 - its name, not a token

#: characters; far more than any token has
_LENGTH_MAX = 1024


class TokenMissing(NotAllowed):
    """There is no token to show to the gateway."""

    code = "TOKEN_MISSING"
    advice = (
        "Put one into PALYRA_TOKEN, or into a file for --token-file; an admin makes one with: "
        "palyra token create --role ROLE"
    )


class TokenExposed(NotAllowed):
    """Others can read the file of the token."""

    code = "TOKEN_EXPOSED"
    advice = "Take their right away with: chmod 600 FILE. Revoke one that was read: palyra token revoke TOKEN"


def token_of(home: Path, file: str | None = None, environment: Mapping[str, str] | None = None) -> str:
    """Return the token to show: that of the file that was named, else the variable's, else the home's.

    Raises:
        TokenMissing: there is none, or what is there can be none.
        TokenExposed: it lies in a file that others can read.
    """
    given = (os.environ if environment is None else environment).get(TOKEN_VARIABLE, "").strip()
    if file is None and given:
        return _checked(given, TOKEN_VARIABLE)
    path = Path(file) if file is not None else home / TOKEN_FILE
    return _checked(_read(path, is_named=file is not None), str(path))


def _read(path: Path, *, is_named: bool) -> str:
    try:
        with path.open("rb") as opened:
            _check_mode(opened.fileno(), path)
            return opened.read(_LENGTH_MAX + 1).decode("ascii", "replace").strip()
    except OSError as error:
        unset = "" if is_named else f"{TOKEN_VARIABLE} is not set, and "
        raise TokenMissing(f"{unset}{path} cannot be read: {error.strerror}.", path=str(path)) from error


def _check_mode(descriptor: int, path: Path) -> None:
    if os.name == "posix" and os.fstat(descriptor).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise TokenExposed(f"Others than you can read {path}.", path=str(path))


def _checked(token: str, place: str) -> str:
    if not (0 < len(token) <= _LENGTH_MAX and token.isascii() and token.isprintable() and " " not in token):
        raise TokenMissing(f"{place} holds no token.")
    return token
