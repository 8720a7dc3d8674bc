from __future__ import annotations

from palyra_events.token import LoginUsed, Role, TokenIssued, TokenRevoked
from palyra_runtime.api.application import openapi_document
from palyra_runtime.api.session import Cookie
from tests.web_stage import API, BASE, Web, problem

SESSION = f"{API}/session"


def test_a_login_works_once(web: Web):
    """The link is used up by the event that says so."""
    secret = web.stage.palyra.tokens.create_login(holder="operator:ada").secret
    first = web.client().post(SESSION, json={"secret": secret})
    second = web.client().post(SESSION, json={"secret": secret})

    assert first.status_code == 201
    assert problem(second) == (401, "NOT_AUTHENTICATED")
    assert web.stage.topics() == ["TokenIssued", "LoginUsed", "TokenIssued"]
    (used,) = web.stage.events(LoginUsed)
    assert used.actor == "operator:ada"


def test_a_login_is_soon_too_old(web: Web):
    """What lies about in a terminal is worth nothing after five minutes."""
    secret = web.stage.palyra.tokens.create_login().secret
    web.stage.clock.move(minutes=5)

    assert problem(web.client().post(SESSION, json={"secret": secret})) == (401, "NOT_AUTHENTICATED")


def test_a_token_is_no_login(web: Web):
    """A program's token does not become a session."""
    answer = web.client().post(SESSION, json={"secret": web.token(Role.ADMIN)})

    assert problem(answer) == (401, "NOT_AUTHENTICATED")


def test_no_page_of_somebody_else_logs_a_browser_in(web: Web):
    """Else it could have somebody work as another without noticing."""
    secret = web.stage.palyra.tokens.create_login().secret

    answer = web.client().post(SESSION, json={"secret": secret}, headers={"origin": "http://evil.example"})

    assert problem(answer) == (403, "FOREIGN_ORIGIN")
    assert web.stage.topics() == ["TokenIssued"]


def test_who_is_logged_in_can_log_in_again(web: Web):
    """Another link, such as one of another role, opens another session in the same browser."""
    browser = web.browser(Role.VIEWER)
    secret = web.stage.palyra.tokens.create_login(Role.OPERATOR, holder="operator:ada").secret
    headers = {"origin": BASE, "sec-fetch-site": "same-origin"}

    answer = browser.client.post(SESSION, json={"secret": secret}, headers=headers)

    assert (answer.status_code, answer.json()["role"]) == (201, "operator")
    assert browser.client.get(SESSION).json()["role"] == "operator"


def test_no_script_reads_the_cookie(web: Web):
    """It is sent to us alone, from pages of ours alone, and no script sees it."""
    secret = web.stage.palyra.tokens.create_login().secret
    answer = web.client().post(SESSION, json={"secret": secret}, headers={"origin": BASE})

    attributes = answer.headers["set-cookie"].split("; ")
    assert attributes[0].startswith("palyra_session_7420=palyra_")
    assert set(attributes[1:]) == {"HttpOnly", "Max-Age=43200", "Path=/", "SameSite=strict"}


def test_with_tls_the_cookie_goes_no_other_way():
    """The prefix has the browser see to it, too."""
    cookie = Cookie.of(443, is_secure=True)

    assert (cookie.name, cookie.is_secure) == ("__Host-palyra_session_443", True)


def test_nobody_is_logged_in_at_first(web: Web):
    """A page learns so by the status, as the document says."""
    answer = web.client().get(SESSION)

    assert problem(answer) == (401, "NOT_AUTHENTICATED")
    assert "401" in openapi_document()["paths"][SESSION]["get"]["responses"]


def test_a_session_tells_who_is_logged_in(web: Web):
    """A page learns who works with it, and what it shows with each write."""
    browser = web.browser(Role.OPERATOR)

    told = browser.client.get(SESSION).json()

    assert (told["actor"], told["role"], told["kind"]) == ("operator:ada", "operator", "session")
    assert told["csrf_token"] == browser.csrf_token
    assert told["expires_at"] == "2026-03-02T00:00:00Z"


def test_a_program_needs_no_csrf_token(web: Web):
    """What comes with a token of a program is not sent by a browser."""
    assert web.client(Role.VIEWER).get(SESSION).json()["csrf_token"] is None


def test_a_session_ends_after_twelve_hours(web: Web):
    """Who forgets to log out is logged out, and can log in again."""
    browser = web.browser()
    web.stage.clock.move(hours=12)

    assert problem(browser.client.get(SESSION)) == (401, "NOT_AUTHENTICATED")


def test_logging_out_ends_the_session_everywhere(web: Web):
    """A copy of the cookie counts no longer either."""
    browser = web.browser()
    copy = dict(browser.client.cookies)
    answer = browser.client.delete(SESSION, headers=browser.headers)
    other = web.client()
    other.cookies.update(copy)

    assert answer.status_code == 204
    assert 'palyra_session_7420=""' in answer.headers["set-cookie"]
    assert other.get(SESSION).status_code == 401
    (revoked,) = web.stage.events(TokenRevoked)
    assert revoked.actor == "operator:ada"


def test_no_secret_is_in_the_log(web: Web):
    """Neither a token nor a login nor a session can be read out of the database."""
    secrets = [web.token(Role.ADMIN), *web.browser().client.cookies.values()]

    rows = b"".join(row.state for row in web.stage.log.read(0, 100))

    assert len(web.stage.events(TokenIssued)) == 3
    assert not [secret for secret in secrets if secret.rpartition("_")[2].encode() in rows]
