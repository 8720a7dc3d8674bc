"""The page of the HTTP API and its table; run as a program, this writes the table anew."""

from __future__ import annotations

from pathlib import Path

from palyra_runtime.api.operations import OPERATIONS

DOCUMENT = Path(__file__).parents[3] / "docs" / "api.md"
HEADING = "## Operations"


def rows() -> list[str]:
    """Return the rows of the table."""
    return [
        f"| `{each.verb} {each.path}` | {each.role} | {each.summary.rstrip('.').replace('``', '`')}"
        f"{' (a job)' if each.is_job else ''} |"
        for each in OPERATIONS
    ]


def test_the_page_lists_each_operation():
    """In the order of the table, with its role and what it does."""
    listed = DOCUMENT.read_text().partition(HEADING)[2].splitlines()

    assert [line for line in listed if line.startswith("| `")] == rows()


if __name__ == "__main__":
    text, _, listed = DOCUMENT.read_text().partition(HEADING)
    kept = [line for line in listed.splitlines() if not line.startswith("| `")]
    DOCUMENT.write_text("\n".join([text + HEADING, *kept[1:], *rows()]) + "\n")
