"""From what the operator says about channels to the senders that do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from palyra_runtime.capabilities.egress import Client, InvalidOrigin
from palyra_runtime.capabilities.egress.rules import Destination, EgressRules
from palyra_runtime.capabilities.egress.url import Url, parse_url
from palyra_runtime.capabilities.secrets import SecretSource
from palyra_runtime.channel import Channel, ConsoleChannel, LogChannel, WebhookChannel
from palyra_runtime.dispatch.sender import ConsoleSender, LogSender, Sender
from palyra_runtime.dispatch.webhook import WebhookSender


@dataclass(frozen=True, slots=True)
class SenderParts:
    """What senders are made of. ``client`` is asked for where there is a webhook."""

    console: TextIO
    secrets: SecretSource
    client: Callable[[], Client]
    now: Callable[[], datetime]


def open_senders(channels: Mapping[str, Channel], parts: SenderParts) -> dict[str, Sender]:
    """Return the sender of each channel that is configured.

    Raises:
        InvalidUrl, InvalidOrigin: a webhook's URL or networks make no sense.
    """
    return {name: _sender(channel, parts) for name, channel in channels.items()}


def _sender(channel: Channel, parts: SenderParts) -> Sender:
    match channel:
        case ConsoleChannel():
            return ConsoleSender(parts.console)
        case LogChannel():
            return LogSender()
        case WebhookChannel():
            url = parse_url(channel.url)
            return WebhookSender(
                url=url,
                destination=_destination(url, channel.networks),
                secret=channel.secret,
                secrets=parts.secrets,
                client=parts.client(),
                now=parts.now,
            )


def _destination(url: Url, networks: tuple[str, ...]) -> Destination:
    """Return where a URL leads, by the rules that hold for the operator's own origins."""
    rules = EgressRules([" ".join([str(url.origin), *networks])])
    destination = rules.destination(url.origin, [url.origin.host])
    if destination is None:
        raise InvalidOrigin(f"{url.origin} is no origin that a webhook can have.")
    return destination
