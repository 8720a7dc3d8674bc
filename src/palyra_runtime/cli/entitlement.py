"""What plugins may do, as a table: what is declared, granted and in effect, value by value."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from palyra_runtime.facade import Entitled

#: the classes of capabilities as people call one value of them
CLASS_NOUNS: Mapping[str, str] = MappingProxyType(
    {
        "http_hosts": "http host",
        "secrets": "secret",
        "storage_prefixes": "storage prefix",
        "channels": "channel",
    }
)


def _remark(each: Entitled) -> str:
    """Return why a value is not in effect, in words that fit into a table."""
    if not each.is_declared:
        return "not declared"
    if not each.is_granted:
        return "not granted"
    return "not allowed" if "policy_restricted" in each.remarks else ""


def _answer(yes: bool) -> str:  # noqa: FBT001 - the value of a cell
    return "yes" if yes else "no"


COLUMNS: Sequence[Column[Entitled]] = (
    Column("CAPABILITY", lambda each: CLASS_NOUNS[each.capability_class], is_whole=True),
    Column("VALUE", lambda each: each.value),
    Column("DECLARED", lambda each: _answer(each.is_declared), is_whole=True),
    Column("GRANTED", lambda each: _answer(each.is_granted), is_whole=True),
    Column("EFFECTIVE", lambda each: _answer(each.is_effective), is_whole=True),
    Column("REMARK", _remark, is_whole=True),
)
