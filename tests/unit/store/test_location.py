from __future__ import annotations

from pathlib import Path

import pytest

from palyra_events.store.location import locate


def test_relative_file():
    """Three slashes lead to a file below the working folder."""
    assert locate("sqlite:///some/log.db").path == Path.cwd() / "some/log.db"


def test_absolute_file():
    """Four slashes lead to a file from the root on; nothing in it is decoded."""
    assert locate("sqlite:////var/lib/my%20log.db").path == Path("/var/lib/my%20log.db")


@pytest.mark.parametrize("url", ["postgresql://host/db", "postgres://host/db?sslmode=require"])
def test_postgres(url: str):
    """Both spellings of PostgreSQL's scheme are known; there is no file."""
    assert (locate(url).dialect, locate(url).path) == ("postgresql", None)
