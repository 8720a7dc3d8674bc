"""Operations on JSON files that say their version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from palyra_events.versioned_json import add_update_time, parse_versioned

#: the product's migrations, by the words that cases have for them
MIGRATIONS = {"ensure updated_at_unix_ms default 0": add_update_time}


def parse(given: dict[str, Any]) -> dict[str, Any]:
    steps = given.get("migrations", {})
    return parse_versioned(
        given["text"],
        name=given["format"],
        current_version=given["current_version"],
        migrations={int(version): MIGRATIONS[words] for version, words in steps.items()},
    )


OPERATIONS: dict[str, Callable[[dict[str, Any]], Any]] = {"versioned_json.parse": parse}
