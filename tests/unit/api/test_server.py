from __future__ import annotations

import ssl
from pathlib import Path

import httpx2
import pytest
import trustme
from pydantic import ValidationError

from palyra_events.token import Role
from palyra_runtime.api import ApiService
from palyra_runtime.api.server import CertificateUnusable
from palyra_runtime.config import HttpSettings
from tests.stage import Stage
from tests.web_stage import API, UNLIMITED, served


@pytest.fixture
def encrypted(tmp_path: Path) -> tuple[HttpSettings, ssl.SSLContext]:
    """The settings of a gateway with a certificate, and what a client trusts it by."""
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    issued.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    issued.private_key_pem.write_to_path(tmp_path / "key.pem")
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    files = {"certificate": str(tmp_path / "cert.pem"), "key": str(tmp_path / "key.pem")}
    return UNLIMITED.model_copy(update=files), trusted


def test_it_answers_on_a_socket(stage: Stage):
    """A real connection, a real request, a real answer."""
    secret = stage.palyra.tokens.create(Role.VIEWER).secret
    with served(stage) as url:
        answer = httpx2.get(f"{url}{API}/hooks", headers={"authorization": f"Bearer {secret}"})

    assert (answer.status_code, answer.json()) == (200, {"items": [], "next": None})
    assert "server" not in answer.headers


def test_with_a_certificate_it_is_encrypted(stage: Stage, encrypted):
    """The session of a browser goes over no other connection then."""
    settings, trusted = encrypted
    secret = stage.palyra.tokens.create_login().secret
    with served(stage, settings) as url, httpx2.Client(base_url=url, verify=trusted) as client:
        answer = client.post(f"{API}/session", json={"secret": secret}, headers={"origin": url})

    assert url.startswith("https://127.0.0.1:")
    assert answer.status_code == 201
    assert answer.headers["set-cookie"].startswith("__Host-palyra_session_")
    assert "Secure" in answer.headers["set-cookie"]


def test_a_certificate_that_is_none_is_told(stage: Stage, tmp_path: Path):
    """Before anything listens."""
    (tmp_path / "cert.pem").write_text("nonsense")
    files = {"certificate": str(tmp_path / "cert.pem"), "key": str(tmp_path / "gone.pem")}

    with pytest.raises(CertificateUnusable):
        ApiService(stage.palyra, UNLIMITED.model_copy(update=files))


def test_a_certificate_has_a_key():
    """One without the other is a mistake in the configuration."""
    with pytest.raises(ValidationError, match="belong together"):
        HttpSettings(certificate="cert.pem")


def test_who_claims_another_address_is_not_believed(stage: Stage):
    """Nobody gets a bucket of his own for each request by naming a proxy."""
    settings = HttpSettings(requests_per_s=0.001, burst=2)
    with served(stage, settings) as url:
        answers = [
            httpx2.get(f"{url}/healthz", headers={"x-forwarded-for": f"10.0.0.{number}"})
            for number in range(3)
        ]

    assert [each.status_code for each in answers] == [200, 200, 429]
