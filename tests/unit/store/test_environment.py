from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from palyra_events.errors import UnsafeEnvironment
from palyra_events.store import EventLog
from tests.new_events import new_events

PROGRAM = """
import sys
from palyra_events.errors import UnsafeEnvironment
from palyra_events.store import EventLog
try:
    EventLog.open(sys.argv[1])
except UnsafeEnvironment as error:
    print(error.details["variable"], "antigravity" in sys.modules, "eventsourcing" in sys.modules)
"""

SETTINGS = [
    "PERSISTENCE_MODULE",
    "INFRASTRUCTURE_FACTORY",
    "FACTORY_TOPIC",
    "MAPPER_TOPIC",
    "TRANSCODER_TOPIC",
    "COMPRESSOR_TOPIC",
    "CIPHER_TOPIC",
    "APPLICATION_RECORDER_TOPIC",
    "TRACKING_RECORDER_TOPIC",
    "PROCESS_RECORDER_TOPIC",
    "POSTGRES_GET_PASSWORD_TOPIC",
    "POSTGRES_SCHEMA",
    "POSTGRES_URL",
    "POSTGRES_ENABLE_DB_FUNCTIONS",
    "SQLITE_DBNAME",
    "SQLITE_LOCK_TIMEOUT",
    "ORIGINATOR_ID_TYPE",
    "SINGLE_ROW_TRACKING",
    "LOCK_TIMEOUT_MS",
    "CREATE_TABLE",
]


def test_environment_settings_mean_nothing(url: str, monkeypatch: pytest.MonkeyPatch):
    """No variable that the library knows changes which classes, tables or settings a log has."""
    for name in SETTINGS:
        monkeypatch.setenv(name, "antigravity:Recorder")
    with EventLog.open(url) as log:
        log.append(new_events(2), tracking=("scheduler", 1))
        assert (log.head(), log.position("scheduler"), "antigravity" in sys.modules) == (2, 1, False)


def test_foreign_time_zone_is_refused(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    """A log does not open while a variable is set that the library takes code from."""
    monkeypatch.setenv("TZINFO_TOPIC", "datetime:timezone.utc")
    with pytest.raises(UnsafeEnvironment):
        EventLog.open(sqlite_url)


def test_foreign_time_zone_is_never_imported(sqlite_url: str, tmp_path: Path):
    """In a fresh process the library is not even imported while that variable is set."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, sqlite_url],
        env={**os.environ, "TZINFO_TOPIC": "antigravity:geohash", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout.split(), list(tmp_path.iterdir())) == (["TZINFO_TOPIC", "False", "False"], [])
