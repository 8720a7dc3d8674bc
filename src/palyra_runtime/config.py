"""Where Palyra keeps its things, and who is asking: flag, then environment, then default."""

from __future__ import annotations

import getpass
import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from palyra_events.errors import InvalidInput
from palyra_events.holding import BlobKind
from palyra_events.identifiers import check_actor
from palyra_events.retention import DROPPABLE, KeepRule
from palyra_runtime.channel import Channel
from palyra_runtime.sandbox import Isolation, WasmPluginRunnerPolicy

HOME_VARIABLE = "PALYRA_HOME"
DATABASE_VARIABLE = "PALYRA_DATABASE_URL"
ACTOR_VARIABLE = "PALYRA_ACTOR"
CONFIG_FILE = "palyra.toml"


class InvalidConfig(InvalidInput):
    """The configuration file is not valid."""

    code = "INVALID_CONFIG"
    advice = "Correct the file; docs/configuration.md lists all keys."


class DispatchSettings(BaseModel):
    """How deliveries are carried out: by how many workers at once, and how long a claim lasts.

    ``workers`` are of one process, ``plugin_concurrency_max`` counts the attempts of a plugin in all of
    them. For ``lease_ms`` nobody takes over from a process of which nothing is heard.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    workers: int = Field(4, ge=1, le=64)
    plugin_concurrency_max: int = Field(4, ge=1, le=1024)
    lease_ms: int = Field(15_000, ge=500, le=600_000)


class DecisionSettings(BaseModel):
    """How long all hooks of a phase may take together for their answers, and how many threads ask them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    budget_ms: int = Field(1_000, ge=1, le=60_000)
    workers: int = Field(2, ge=1, le=32)


class HttpSettings(BaseModel):
    """Where a gateway listens, by which names it is known, and how often each client may ask.

    Beyond loopback it needs ``certificate`` and ``key``, files in PEM. ``hosts`` are names, beside its
    addresses and ``localhost``, under which browsers may ask for it. A client may make
    ``requests_per_s`` in the long run, and ``burst`` at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(7420, ge=0, le=65_535)
    certificate: str | None = None
    key: str | None = None
    hosts: tuple[str, ...] = ()
    requests_per_s: float = Field(50.0, gt=0)
    burst: int = Field(200, ge=1)

    @model_validator(mode="after")
    def _with_its_key(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key belong together")
        return self


class GatewaySettings(BaseModel):
    """How a gateway runs: how often it audits enabled releases again, and how long its stop may take.

    With ``reaudit_interval_s`` of 0 it never does. What is being carried out at the stop has ``grace_ms`` to
    end; then it is handed back. With ``rebuild_changed_views`` it builds the views anew that other code has
    made, such as before an upgrade.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reaudit_interval_s: int = Field(6 * 3600, ge=0)
    grace_ms: int = Field(10_000, ge=0, le=3_600_000)
    rebuild_changed_views: bool = True
    http: HttpSettings = HttpSettings()


class LedgerSettings(BaseModel):
    """Where checkpoints of the log are kept outside its database, and how often they are signed.

    The ``folder`` is ``checkpoints`` in the home where none is named. ``url`` is that of a witness; its
    host leads to public addresses, or to those in ``networks``. A gateway signs what was added
    when nothing more has come for a few seconds, else every ``interval_s``, and an idle log every
    ``idle_s``; with an interval of 0 it never does.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: str | None = None
    url: str | None = None
    networks: tuple[str, ...] = ()
    interval_s: int = Field(60, ge=0)
    idle_s: int = Field(3600, ge=1)


class RetentionSettings(BaseModel):
    """How long the records of runs are kept beside the log, by kind; without rules, for ever.

    A gateway drops what is too old or too much every ``interval_s``. ``stored`` are values that plugins
    have overwritten or deleted, ``messages`` those that were sent or discarded.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    interval_s: int = Field(3600, ge=1)
    inputs: KeepRule = KeepRule()
    outputs: KeepRule = KeepRule()
    logs: KeepRule = KeepRule()
    transcripts: KeepRule = KeepRule()
    payloads: KeepRule = KeepRule()
    stored: KeepRule = KeepRule()
    messages: KeepRule = KeepRule()

    @property
    def rules(self) -> Mapping[BlobKind, KeepRule]:
        """The rules that drop something at some time, by kind."""
        named = zip(DROPPABLE, (getattr(self, name) for name in _RULES), strict=True)
        return {kind: rule for kind, rule in named if rule != KeepRule()}


#: the rules in the order of `DROPPABLE`
_RULES = tuple(name for name in RetentionSettings.model_fields if name != "interval_s")


class Settings(BaseModel):
    """The content of ``palyra.toml``: what plugins may do and where they run, and where messages go.

    With ``binding_files`` the home has the files of hooks and plugins that other programs read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy: WasmPluginRunnerPolicy = WasmPluginRunnerPolicy()
    isolation: Isolation = "process"
    channels: dict[str, Channel] = {}
    binding_files: bool = True
    dispatch: DispatchSettings = DispatchSettings()
    gateway: GatewaySettings = GatewaySettings()
    decisions: DecisionSettings = DecisionSettings()
    ledger: LedgerSettings = LedgerSettings()
    retention: RetentionSettings = RetentionSettings()


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one process."""

    home: Path
    database_url: str
    actor: str


def read_config(
    *,
    home: str | Path | None = None,
    database_url: str | None = None,
    actor: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Config:
    """Return the settings: what was asked for, else the environment's, else the defaults.

    The home is ``platformdirs``' data folder of this user; the database is ``palyra.db`` in it; the
    actor is the operator of the user's login name.

    Raises:
        InvalidIdentifier: the actor is none.
        InvalidConfig: the home is that of a user whom the system does not know.
    """
    given = os.environ if environment is None else environment
    folder = _expanded(Path(home or given.get(HOME_VARIABLE) or platformdirs.user_data_path("palyra")))
    return Config(
        home=folder,
        database_url=database_url or given.get(DATABASE_VARIABLE) or f"sqlite:///{folder / 'palyra.db'}",
        actor=check_actor(actor or given.get(ACTOR_VARIABLE) or _login_actor()),
    )


def read_settings(home: Path) -> Settings:
    """Return what ``palyra.toml`` in the home says; where there is no such file, the defaults.

    Raises:
        InvalidConfig: the file cannot be read, or has keys or values that make no sense; all of them
            are listed.
    """
    path = home / CONFIG_FILE
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidConfig(f"{path} cannot be read: {error}.", path=str(path)) from error
    try:
        # Strict, as JSON is read: ``fuel_budget = true`` is a mistake, and not a budget of one unit.
        return Settings.model_validate_json(json.dumps(settings, default=str), strict=True)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise InvalidConfig(f"{path}: {'; '.join(problems)}.", path=str(path), problems=problems) from error


def http_url(settings: HttpSettings) -> str:
    """Return the address of a gateway with these settings."""
    scheme = "http" if settings.certificate is None else "https"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{scheme}://{host}:{settings.port}"


def _expanded(folder: Path) -> Path:
    try:
        return folder.expanduser()
    except RuntimeError as error:
        raise InvalidConfig(f"{folder} is in no user's home.", path=str(folder)) from error


def _login_actor() -> str:
    try:
        login = getpass.getuser()
    except (KeyError, OSError):
        login = "unknown"
    return f"operator:{re.sub(r'[^A-Za-z0-9._@-]', '-', login)[:128]}"
