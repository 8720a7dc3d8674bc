"""A gateway's web application over a stage, with clients of every role."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from starlette.testclient import TestClient

from palyra_events.token import Role
from palyra_runtime.api import ApiService, WebParts, web_application
from palyra_runtime.api.console import Console
from palyra_runtime.config import HttpSettings
from palyra_runtime.gateway import Stop
from tests.running_gateway import PATIENCE_S
from tests.stage import Stage

PORT = 7420
BASE = f"http://127.0.0.1:{PORT}"
API = "/api/v1"
#: no test meets the limit by accident
UNLIMITED = HttpSettings(requests_per_s=1_000_000, burst=1_000_000)


@dataclass
class Web:
    """The application, and the stage behind it."""

    stage: Stage
    parts: WebParts
    application: Any

    def client(self, role: Role | None = None, **headers: str) -> TestClient:
        """Return a client that has a token of a role, and acts as ``operator:ROLE``; or one that has none."""
        if role is not None:
            headers["authorization"] = f"Bearer {self.token(role)}"
        return TestClient(
            self.application,
            base_url=BASE,
            headers=headers,
            raise_server_exceptions=False,
            client=("127.0.0.1", 50_000),
        )

    def token(self, role: Role) -> str:
        """Return a token of a role."""
        return self.stage.palyra.tokens.create(role, holder=f"operator:{role}").secret

    def browser(self, role: Role = Role.ADMIN) -> Browser:
        """Return a client that is logged in as a browser is."""
        login = self.stage.palyra.tokens.create_login(role, holder="operator:ada")
        client = self.client()
        answer = client.post(f"{API}/session", json={"secret": login.secret}, headers={"origin": BASE})
        assert answer.status_code == 201
        return Browser(client, answer.json()["csrf_token"])


@dataclass
class Browser:
    """A client with a cookie, and what a page of ours knows."""

    client: TestClient
    csrf_token: str

    @property
    def headers(self) -> dict[str, str]:
        """What a page of ours, and the browser for it, send with a write."""
        return {"origin": BASE, "sec-fetch-site": "same-origin", "x-csrf-token": self.csrf_token}


@contextmanager
def web_stage(stage: Stage, settings: HttpSettings = UNLIMITED, console: Path | None = None) -> Iterator[Web]:
    """Serve a stage, without a network."""
    folder = console or stage.folder / "console"
    parts = WebParts.of(stage.palyra, settings, PORT, Console(folder))
    try:
        yield Web(stage, parts, web_application(parts))
    finally:
        parts.jobs.close()
        for thread in threading.enumerate():
            if thread.name.startswith("job-"):
                thread.join(PATIENCE_S)


@contextmanager
def served(stage: Stage, settings: HttpSettings = UNLIMITED) -> Iterator[str]:
    """Serve a stage on a free port of this machine, and give the address; it ends as a gateway does."""
    service = ApiService(stage.palyra, settings.model_copy(update={"port": 0}))
    stop = Stop(stage.log)
    thread = Thread(target=service.run, args=(stop,))
    with closing(service):
        thread.start()
        try:
            yield service.address
        finally:
            stop.ask("request")
            thread.join(PATIENCE_S)
    assert not thread.is_alive()


def problem(answer: Any) -> tuple[int, str]:
    """Return the status and the code of an answer that tells an error."""
    return answer.status_code, answer.json()["error"]["code"]
