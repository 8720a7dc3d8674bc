"""One who follows the stream of a gateway, and comes back where the connection is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from itertools import repeat

from palyra_runtime.api.client import Client, GatewayUnreachable

#: seconds before it comes back, and again; then nobody has answered for about a minute
_PAUSES_S = (0.25, 0.5, 1.0, 2.0, *repeat(5.0, 11))


class Follower:
    """Yields what happens after a position, each event once, also where the gateway is started anew."""

    def __init__(self, client: Client, after: int) -> None:
        self._client = client
        self._after = after

    def events(self, name: str) -> Iterator[Mapping[str, str]]:
        """Yield the events of a name, for ever.

        Raises:
            GatewayUnreachable: it has not answered for a minute.
            PalyraError: the one that the gateway tells, such as that the token does not count any more.
        """
        pauses = iter(_PAUSES_S)
        while True:
            lost = GatewayUnreachable("The gateway ends the stream whenever it begins.")
            try:
                for event in self._client.follow(self._after):
                    pauses = iter(_PAUSES_S)
                    self._after = int(event.get("id", self._after))
                    if event.get("event") == name:
                        yield event
            except GatewayUnreachable as error:
                lost = error
            if (pause := next(pauses, None)) is None:
                raise lost
            time.sleep(pause)
