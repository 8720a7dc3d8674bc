"""Who has the dispatcher role: told by whoever has it, so that others can say whom they wait for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

#: a gateway keeps the role for as long as it runs, a drain for as long as something is due
Part: TypeAlias = Literal["gateway", "drain"]

#: how a session of PostgreSQL begins its name, which has 63 bytes at the most
SESSION_PREFIX = "palyra"


class Holder(BaseModel):
    """A process that has the role, or stands by for it.

    ``address`` is the machine that it speaks from, None where that is this one. ``gateway_id`` is the
    gateway's run, once its start is recorded, and ``port`` the one that it then serves, if any.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    part: Part
    pid: int = Field(gt=0)
    since: datetime | None = None
    address: str | None = None
    gateway_id: str | None = None
    port: int | None = None

    @property
    def words(self) -> str:
        """Return who it is, as a part of a sentence."""
        since = f", since {self.since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if self.since else ""
        address = f" at {self.address}" if self.address else ""
        return f"a {self.part} (pid {self.pid}{address}{since})"

    @property
    def session_name(self) -> str:
        """Return the name of the PostgreSQL session by which others know it."""
        run = () if self.gateway_id is None else (self.gateway_id, self.port)
        words = (SESSION_PREFIX, self.part, self.pid, *run)
        return " ".join(str(word) for word in words if word is not None)

    @classmethod
    def of_session(cls, name: str, since: datetime | None, address: str | None) -> Self | None:
        """Return who opened a session, None where its name was given by somebody else."""
        words = dict(zip(("prefix", "part", "pid", "gateway_id", "port"), name.split(" "), strict=False))
        if words.pop("prefix", None) != SESSION_PREFIX:
            return None
        try:
            return cls.model_validate({**words, "since": since, "address": address})
        except ValidationError:
            return None

    @classmethod
    def of_file(cls, content: bytes) -> Self | None:
        """Return who wrote a lock file, None where nobody did, or where it was cut short."""
        try:
            return cls.model_validate_json(content)
        except ValidationError:
            return None
