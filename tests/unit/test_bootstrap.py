from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import palyra_runtime
from palyra_events.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    DatabaseTooNew,
    DatabaseUnavailable,
    InvalidDatabaseUrl,
)
from palyra_runtime import Palyra, Surroundings
from palyra_runtime.config import InvalidConfig
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from tests.stage import Stage, answering


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def test_a_program_embeds_it_as_the_readme_says(stage: Stage):
    """Install, bind, enable, drain and look, with nothing but the face."""
    artifact = stage.pack(answering(0, '{"result":"hello"}'))
    with Palyra.open(url_of(stage.folder / "other.db"), home=stage.folder) as palyra:
        palyra.skills.install(artifact, trust_on_first_use=True)
        palyra.plugins.bind("echo", skill="acme.echo")
        palyra.hooks.bind("greet", event="skill:enabled", plugin="echo")
        palyra.skills.enable("acme.echo", reason="reviewed")
        palyra.dispatch.drain()

        assert [delivery.outcome for delivery in palyra.deliveries()] == ["ok"]
        assert palyra.delivery("7:greet").attempts[0].output == {"result": "hello"}


def test_a_database_is_made_with_its_folder(tmp_path):
    """The first start needs no preparation."""
    path = tmp_path / "new" / "palyra.db"

    with Palyra.open(url_of(path), home=tmp_path) as palyra:
        assert palyra.events.list() == ()

    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_to_be_there_is_not_made(tmp_path):
    """With ``create=False`` a missing database is an error, and stays missing."""
    path = tmp_path / "palyra.db"

    with pytest.raises(DatabaseUnavailable):
        Palyra.open(url_of(path), home=tmp_path, create=False)

    assert not path.exists()


def test_a_broken_policy_is_found_before_anything_is_made(tmp_path):
    """Who mistyped the policy has no database that was made under another one."""
    (tmp_path / "palyra.toml").write_text("[policy]\nfule = 1\n")

    with pytest.raises(InvalidConfig):
        Palyra.open(home=tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["palyra.toml"]


def test_the_policy_of_the_home_holds(stage: Stage):
    """What ``palyra.toml`` says is what guests run under."""
    (stage.folder / "palyra.toml").write_text("[policy]\nfuel_budget = 1\n")
    stage.ready(answering())
    stage.fire()
    with Palyra.open(stage.url, home=stage.folder) as palyra:
        palyra.dispatch.drain()

        assert [delivery.outcome for delivery in palyra.deliveries()] == ["out_of_fuel"]


def test_surroundings_can_be_replaced_as_a_whole(tmp_path):
    """A program that brings its own policy needs no file."""
    (tmp_path / "palyra.toml").write_text("not toml at all")
    surroundings = Surroundings(policy=WasmPluginRunnerPolicy(enabled=False))

    with Palyra.open(home=tmp_path, surroundings=surroundings) as palyra:
        assert palyra.events.list() == ()


def test_an_url_of_nothing_is_refused(tmp_path):
    """Another scheme is another program's."""
    with pytest.raises(InvalidDatabaseUrl):
        Palyra.open("mysql://host/db", home=tmp_path)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(tmp_path):
    """A typing mistake in the path does not cost a file."""
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada, " * 100)

    with pytest.raises(DatabaseDamaged):
        Palyra.open(url_of(path), home=tmp_path)

    assert path.read_text() == "Dear Ada, " * 100


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_was(stage: Stage):
    """An old program does not write into what it does not understand."""
    stage.install(answering())
    with closing(sqlite3.connect(stage.log.path)) as connection, connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")

    with pytest.raises(DatabaseTooNew, match="99"):
        stage.open("old")


def test_a_database_that_somebody_writes_is_opened_and_read(stage: Stage):
    """Listing waits for no writer: opening what is complete takes no write lock."""
    stage.install(answering())
    stage.palyra.skills.list()
    with closing(sqlite3.connect(stage.log.path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")

        rows = stage.open("reader").skills.list()

        writer.execute("ROLLBACK")
    assert [row.skill_id for row in rows] == ["acme.echo"]


def test_a_database_that_stays_locked_is_a_typed_error(stage: Stage, monkeypatch):
    """Who wants to write and cannot is told so, in a few seconds, and nothing was written."""
    monkeypatch.setattr("projections.engine.LOCK_TIMEOUT_MS", 10)
    with closing(sqlite3.connect(stage.log.path, isolation_level=None)) as writer:
        writer.execute("DROP TABLE lease")
        writer.execute("BEGIN IMMEDIATE")

        with pytest.raises(DatabaseLocked) as refused:
            stage.open("late")

        writer.execute("ROLLBACK")
    assert refused.value.retryable


def test_closing_twice_is_closing_once(tmp_path):
    """A ``with`` block and a ``close`` do not get in each other's way."""
    palyra = Palyra.open(home=tmp_path)
    palyra.close()
    palyra.close()

    with pytest.raises(DatabaseUnavailable):
        palyra.events.list()


def test_the_package_names_what_it_has():
    """What is imported on first use is found by name, and nothing else is."""
    assert [name for name in palyra_runtime.__all__ if not hasattr(palyra_runtime, name)] == []
    assert palyra_runtime.Palyra is Palyra
    with pytest.raises(AttributeError, match="Palyrra"):
        _ = palyra_runtime.Palyrra
