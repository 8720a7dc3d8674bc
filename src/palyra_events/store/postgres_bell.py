"""Hears of the commits of all processes to a PostgreSQL database."""

from __future__ import annotations

import os
import socket
from contextlib import suppress

import psycopg
from psycopg.sql import SQL, Identifier

from palyra_events.store.bell import Bell

#: seconds before a lost connection is made anew, at first and at most
BACK_OFF_S = 0.1
BACK_OFF_MAX_S = 5.0


class PostgresBell(Bell):
    """Listens for the notification that every append sends, on a connection of its own."""

    def __init__(self, conninfo: str, channel: str) -> None:
        super().__init__()
        self._conninfo = conninfo
        self._channel = channel
        self._connection: psycopg.Connection | None = None

    def _watch(self) -> None:
        back_off = BACK_OFF_S
        while not self.closing.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    connection.execute(SQL("LISTEN {}").format(Identifier(self._channel)))
                    back_off = BACK_OFF_S
                    self._listen(connection)
            except psycopg.Error:
                # Whoever waits polls slowly meanwhile, and is told by its own query what is wrong.
                self.closing.wait(back_off)
                back_off = min(back_off * 2, BACK_OFF_MAX_S)

    def _listen(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        # What was committed before we listened told nobody.
        self.ring()
        # Whoever closes first says so and then hangs up: one of the two is seen here.
        while not self.closing.is_set():
            for _ in connection.notifies(stop_after=1):
                self.ring()

    def _interrupt(self) -> None:
        """Hang up, which ends the watcher's wait on the connection."""
        connection = self._connection
        if connection is None:
            return
        with suppress(OSError, psycopg.OperationalError):
            line = socket.socket(fileno=os.dup(connection.fileno()))
            with line:
                line.shutdown(socket.SHUT_RDWR)
