from __future__ import annotations

from pathlib import Path

import pytest

from palyra_events.errors import InvalidIdentifier
from palyra_events.holding import BlobKind
from palyra_events.retention import DROPPABLE, KeepRule
from palyra_runtime.channel import ConsoleChannel, LogChannel, WebhookChannel
from palyra_runtime.config import InvalidConfig, RetentionSettings, read_config, read_settings
from palyra_runtime.sandbox import WasmPluginRunnerPolicy


def write(folder: Path, text: str) -> Path:
    (folder / "palyra.toml").write_text(text, encoding="utf-8")
    return folder


def test_what_is_asked_for_wins_over_the_environment():
    """A flag is stronger than a variable."""
    config = read_config(
        home="/srv/palyra",
        database_url="sqlite:///asked.db",
        actor="operator:asked",
        environment={
            "PALYRA_HOME": "/elsewhere",
            "PALYRA_DATABASE_URL": "sqlite:///given.db",
            "PALYRA_ACTOR": "operator:given",
        },
    )

    assert (config.home, config.database_url, config.actor) == (
        Path("/srv/palyra"),
        "sqlite:///asked.db",
        "operator:asked",
    )


def test_the_environment_wins_over_the_defaults():
    """A variable is stronger than a default."""
    config = read_config(
        environment={
            "PALYRA_HOME": "/srv/palyra",
            "PALYRA_DATABASE_URL": "postgresql://host/db",
            "PALYRA_ACTOR": "operator:given",
        }
    )

    assert (config.home, config.database_url, config.actor) == (
        Path("/srv/palyra"),
        "postgresql://host/db",
        "operator:given",
    )


def test_the_database_is_in_the_home_unless_it_is_named():
    """A home alone is enough: everything lies in it."""
    config = read_config(home="/srv/palyra", environment={})

    assert config.database_url == "sqlite:////srv/palyra/palyra.db"


def test_the_login_name_is_the_actor_where_none_is_named(monkeypatch):
    """Who is logged in acts; characters that an actor cannot have are replaced."""
    monkeypatch.setenv("LOGNAME", "Ada Lovelace/ü")

    assert read_config(environment={}).actor == "operator:Ada-Lovelace--"


def test_an_actor_that_is_none_is_refused():
    """A name without its kind is no actor."""
    with pytest.raises(InvalidIdentifier, match="alice"):
        read_config(actor="alice", environment={})


def test_the_home_of_a_user_that_does_not_exist_is_refused():
    """``~nobody-here/palyra`` names no folder, and is not made as one."""
    with pytest.raises(InvalidConfig, match="nobody-here"):
        read_config(home="~nobody-here/palyra", environment={})


def test_without_a_file_the_policy_is_the_default_one(tmp_path):
    """Nobody has to write a file."""
    assert read_settings(tmp_path).policy == WasmPluginRunnerPolicy()


def test_the_file_changes_what_it_names(tmp_path):
    """A policy in the file holds; what it does not name stays."""
    text = '[policy]\nfuel_budget = 5\nallowed_http_hosts = ["api.example.com"]\n'

    policy = read_settings(write(tmp_path, text)).policy

    assert policy == WasmPluginRunnerPolicy(fuel_budget=5, allowed_http_hosts=("api.example.com",))


def test_all_problems_of_the_file_are_listed(tmp_path):
    """Whoever corrects the file has to do it once."""
    write(tmp_path, 'fuel = 1\n[policy]\nenabled = "perhaps"\ntimeout_ms = -1\nfule_budget = 7\n')

    with pytest.raises(InvalidConfig) as refused:
        read_settings(tmp_path)

    places = {problem.partition(":")[0] for problem in refused.value.details["problems"]}
    assert places == {"fuel", "policy.enabled", "policy.timeout_ms", "policy.fule_budget"}
    assert all(place in refused.value.message for place in places)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("value", ["true", '"10"', "1.5", "2026-01-01", "inf", "[]"])
def test_a_value_of_another_type_is_refused(tmp_path, value):
    """``fuel_budget = true`` is a mistake, and not a budget of one unit."""
    write(tmp_path, f"[policy]\nfuel_budget = {value}\n")

    with pytest.raises(InvalidConfig, match=r"policy\.fuel_budget"):
        read_settings(tmp_path)


@pytest.mark.parametrize(
    "text", ["[policy", "a = " + "[" * 5_000, "[policy]\nenabled = true\nenabled = true\n"]
)
def test_a_file_that_is_not_toml_is_refused(tmp_path, text):
    """The message names the file."""
    write(tmp_path, text)

    with pytest.raises(InvalidConfig, match=r"palyra\.toml"):
        read_settings(tmp_path)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    """TOML is UTF-8, whatever the machine's locale is."""
    (tmp_path / "palyra.toml").write_bytes(b'x = "\xfc"')

    with pytest.raises(InvalidConfig, match=r"palyra\.toml"):
        read_settings(tmp_path)


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path):
    """What cannot be read is not taken for a missing file."""
    (tmp_path / "palyra.toml").mkdir()

    with pytest.raises(InvalidConfig, match=r"palyra\.toml"):
        read_settings(tmp_path)


def test_channels_have_senders_by_name(tmp_path):
    """Each table below ``[channels]`` says where the messages of a channel go."""
    text = """
        [channels.ops]
        kind = "webhook"
        url = "https://hooks.example/palyra"
        secret = "ops-key"
        networks = ["10.0.0.0/8"]
        [channels."team/notes"]
        kind = "log"
        [channels.screen]
        kind = "console"
    """

    channels = read_settings(write(tmp_path, text)).channels

    assert channels == {
        "ops": WebhookChannel(
            kind="webhook", url="https://hooks.example/palyra", secret="ops-key", networks=("10.0.0.0/8",)
        ),
        "team/notes": LogChannel(kind="log"),
        "screen": ConsoleChannel(kind="console"),
    }


@pytest.mark.parametrize(
    "text",
    ['kind = "mail"', 'kind = "webhook"', 'kind = "console"\nurl = "https://hooks.example/"', "", "kind = 1"],
)
def test_a_channel_of_another_form_is_refused(tmp_path, text):
    """The channel that is wrong is named."""
    write(tmp_path, f"[channels.ops]\n{text}\n")

    with pytest.raises(InvalidConfig, match=r"channels\.ops"):
        read_settings(tmp_path)


def test_how_deliveries_are_carried_out_is_set(tmp_path):
    """The table ``[dispatch]`` says how many run at once and how long a lease lasts."""
    settings = read_settings(write(tmp_path, "[dispatch]\nworkers = 8\nlease_ms = 500\n")).dispatch

    assert (settings.workers, settings.plugin_concurrency_max, settings.lease_ms) == (8, 4, 500)


@pytest.mark.parametrize(
    "line", ["workers = 0", "plugin_concurrency_max = 0", "lease_ms = 499", "lease_s = 1"]
)
def test_dispatch_settings_that_make_no_sense_are_refused(tmp_path, line):
    """Nobody works with no workers, and a lease that is too short is lost at once."""
    with pytest.raises(InvalidConfig, match="dispatch"):
        read_settings(write(tmp_path, f"[dispatch]\n{line}\n"))


def test_what_is_kept_is_set_by_kind(tmp_path):
    """The table ``[retention]`` has a rule for each kind of records; kinds without one are kept for ever."""
    text = "[retention]\ninterval_s = 60\ninputs = { keep_days = 90 }\nlogs = { keep_bytes = 1_000_000 }\n"
    settings = read_settings(write(tmp_path, text)).retention

    assert settings.interval_s == 60
    assert settings.rules == {
        BlobKind.INPUT: KeepRule(keep_days=90),
        BlobKind.LOGS: KeepRule(keep_bytes=1_000_000),
    }
    assert RetentionSettings().rules == {}


def test_every_kind_that_can_be_dropped_has_its_rule():
    """The keys of the table stand for these kinds, and for no others."""
    rule = KeepRule(keep_days=1)
    names = ["inputs", "outputs", "logs", "transcripts", "payloads", "stored", "messages"]
    assert [list(RetentionSettings(**{name: rule}).rules) for name in names] == [[kind] for kind in DROPPABLE]


@pytest.mark.parametrize(
    "line",
    ["interval_s = 0", "inputs = { keep_days = -1 }", "reasons = { keep_days = 1 }", "logs = { days = 1 }"],
)
def test_retention_that_makes_no_sense_is_refused(tmp_path, line):
    """Reasons are kept until the person is erased, so there is no rule for them."""
    with pytest.raises(InvalidConfig, match="retention"):
        read_settings(write(tmp_path, f"[retention]\n{line}\n"))
