from __future__ import annotations

import pytest

from palyra_events.token import Role
from palyra_runtime.api.body import RequestTooLarge
from palyra_runtime.api.gate import BODY_MAX
from palyra_runtime.config import HttpSettings
from tests.stage import SKILL, Stage, answering, unchanged
from tests.web_stage import API, BASE, PORT, Web, problem, web_stage

HOOKS = f"{API}/hooks"
#: a write that changes something each time
CHECKPOINT = f"{API}/audit/checkpoints"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:7420", "localhost:7420", "[::1]:7420", "10.1.2.3"])
def test_it_is_asked_for_by_its_address(web: Web, host: str):
    """An address, and localhost, mean this machine whatever a name server says."""
    assert web.client(Role.VIEWER, host=host).get(HOOKS).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:7420", "", "a@127.0.0.1", "127.0.0.1:x"]
)
def test_a_name_that_came_to_mean_this_machine_is_refused(web: Web, host: str):
    """DNS rebinding gets a page no further than its own name."""
    answer = web.client(Role.VIEWER, host=host).get(HOOKS)

    assert problem(answer) == (403, "UNKNOWN_HOST")


def test_a_name_can_be_configured(stage: Stage):
    """Whoever gives the gateway a name says so."""
    with web_stage(stage, HttpSettings(hosts=("palyra.example",))) as web:
        assert web.client(Role.VIEWER, host="Palyra.example").get(HOOKS).status_code == 200


@pytest.mark.parametrize("shown", ["palyra_0000000000000000_" + "A" * 43, "nonsense", "é", ""])
def test_a_wrong_token_is_refused(web: Web, shown: str):
    """What was never issued counts for nothing, whatever it looks like."""
    answer = web.client().get(HOOKS, headers={"authorization": f"Bearer {shown}".encode()})

    assert problem(answer) == (401, "NOT_AUTHENTICATED")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_another_secret_of_a_known_token_is_refused(web: Web):
    """The id of a token is no secret; what follows it is compared as a whole."""
    secret = web.token(Role.ADMIN)
    forged = secret[:-1] + ("A" if secret[-1] != "A" else "B")

    assert problem(web.client(authorization=f"Bearer {forged}").get(HOOKS)) == (401, "NOT_AUTHENTICATED")


def test_a_token_expires(web: Web):
    """Nobody has to revoke what was lent for a day."""
    secret = web.stage.palyra.tokens.create(Role.VIEWER, days=1).secret
    client = web.client(authorization=f"Bearer {secret}")
    before = client.get(HOOKS).status_code
    web.stage.clock.move(days=1)

    assert (before, client.get(HOOKS).status_code) == (200, 401)


def test_a_revoked_token_counts_no_longer(web: Web):
    """From the moment on that it is revoked, also in another process."""
    issued = web.stage.palyra.tokens.create(Role.VIEWER)
    client = web.client(authorization=f"Bearer {issued.secret}")
    before = client.get(HOOKS).status_code
    web.stage.open("other").tokens.revoke(issued.token.token_id)

    assert (before, client.get(HOOKS).status_code) == (200, 401)


def test_a_login_is_no_token(web: Web):
    """Who sees a login link in a log cannot use it as a program does."""
    login = web.stage.palyra.tokens.create_login()

    assert web.client(authorization=f"Bearer {login.secret}").get(HOOKS).status_code == 401


def test_the_actor_is_on_the_event(web: Web):
    """What a request appends is by whom the token speaks for."""
    web.stage.install(answering())

    web.client(Role.OPERATOR).post(f"{API}/skills/{SKILL}/enable", json={"reason": "reviewed"})

    assert web.stage.palyra.skills.history(SKILL)[-1].actor == "operator:operator"


def test_a_page_of_ours_may_write(web: Web):
    """With the cookie, the token of the page, and an origin that is ours."""
    browser = web.browser()

    assert browser.client.post(CHECKPOINT, headers=browser.headers).status_code == 200


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"x-csrf-token": ""}, "CSRF_TOKEN_MISSING"),
        ({"x-csrf-token": "0" * 64}, "CSRF_TOKEN_MISSING"),
        ({"origin": "http://evil.example"}, "FOREIGN_ORIGIN"),
        ({"origin": f"http://127.0.0.1:{PORT + 1}"}, "FOREIGN_ORIGIN"),
        ({"origin": "null"}, "FOREIGN_ORIGIN"),
        ({"origin": "http://["}, "FOREIGN_ORIGIN"),
        ({"sec-fetch-site": "cross-site"}, "FOREIGN_ORIGIN"),
        ({"sec-fetch-site": "same-site"}, "FOREIGN_ORIGIN"),
    ],
)
def test_a_page_of_somebody_else_may_not_write(web: Web, changed: dict[str, str], code: str):
    """The cookie alone does nothing: each of the three checks is enough to refuse it."""
    browser = web.browser()

    with unchanged(web.stage.log):
        answer = browser.client.post(CHECKPOINT, headers={**browser.headers, **changed})

    assert problem(answer) == (403, code)


def test_a_write_by_cookie_says_where_it_comes_from(web: Web):
    """A browser that writes neither header is not trusted with a cookie."""
    browser = web.browser()
    headers = {"x-csrf-token": browser.csrf_token}

    assert problem(browser.client.post(CHECKPOINT, headers=headers)) == (403, "FOREIGN_ORIGIN")


def test_a_token_needs_no_page(web: Web):
    """No browser sends a token by itself, so a program need not show more."""
    assert web.client(Role.ADMIN).post(CHECKPOINT).status_code == 200


def test_a_large_request_is_refused(web: Web):
    """Nothing but an artifact may have more than 1 MiB."""
    answer = web.client(Role.ADMIN).post(f"{API}/decisions", content=b" " * (BODY_MAX + 1))

    assert problem(answer) == (413, RequestTooLarge.code)


def test_a_large_request_without_a_length_is_refused(web: Web):
    """It is cut off where it is too large, whatever the client says of it."""
    pieces = (b" " * 65536 for _ in range(BODY_MAX // 65536 + 1))

    answer = web.client(Role.ADMIN).post(f"{API}/decisions", content=pieces)

    assert problem(answer) == (413, RequestTooLarge.code)


def test_strangers_may_not_send_what_is_large(web: Web):
    """Who shows no token is not let to fill the memory with an artifact."""
    answer = web.client().post(f"{API}/skills", content=b" " * (BODY_MAX + 1))

    assert problem(answer) == (413, RequestTooLarge.code)


def test_an_artifact_may_be_large(web: Web):
    """It is read as a whole, and judged for what it is."""
    answer = web.client(Role.OPERATOR).post(f"{API}/skills", content=b" " * (BODY_MAX + 1))

    assert problem(answer) == (400, "INVALID_ARCHIVE")


def test_who_asks_too_often_waits(stage: Stage):
    """Behind the burst, a client is told when to come again."""
    with web_stage(stage, HttpSettings(requests_per_s=0.001, burst=3)) as web:
        client = web.client()
        answers = [client.get("/healthz") for _ in range(4)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 900


@pytest.mark.parametrize("path", ["/healthz", HOOKS, f"{API}/nothing", "/", "/assets/nothing.js"])
def test_every_answer_tells_browsers_to_trust_little(web: Web, path: str):
    """Nothing inline, nothing from elsewhere, in nobody's frame, and no type that is guessed."""
    headers = web.client().get(path).headers

    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_no_other_site_is_let_in(web: Web):
    """A preflight of a page of somebody else is answered with nothing that it could use."""
    answer = web.client().options(
        HOOKS, headers={"origin": "http://evil.example", "access-control-request-method": "POST"}
    )

    assert answer.status_code == 405
    assert not any(name.startswith("access-control") for name in answer.headers)
    assert BASE not in answer.text
