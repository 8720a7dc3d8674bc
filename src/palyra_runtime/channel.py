"""What an operator says about a channel: where its messages go."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field


class _Channel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ConsoleChannel(_Channel):
    """Messages are lines on standard error."""

    kind: Literal["console"]


class LogChannel(_Channel):
    """Messages go to Python's logging, as the logger ``palyra.channel``."""

    kind: Literal["log"]


class WebhookChannel(_Channel):
    """Messages are posted to ``url``, signed with the secret of this name.

    The URL's host leads to public addresses, or to those in ``networks`` where there are any. A URL
    with an address in place of a name leads there.
    """

    kind: Literal["webhook"]
    url: str
    secret: str
    networks: tuple[str, ...] = ()


Channel: TypeAlias = Annotated[ConsoleChannel | LogChannel | WebhookChannel, Field(discriminator="kind")]
