from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stage import Stage
from tests.web_stage import Web, problem, web_stage

PAGE = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def web(stage: Stage, tmp_path: Path) -> Iterator[Web]:
    """A gateway whose console was built."""
    folder = tmp_path / "console"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>Palyra</title>")
    (folder / "assets" / "main-1a2b.js").write_text("let x")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    with web_stage(stage, console=folder) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/", "/hooks/greet", "/deliveries?states=dead", "/login"])
def test_every_address_of_the_console_is_its_page(web: Web, path: str):
    """Who opens a link, or comes back to a tab, gets the page; it is asked for anew each time."""
    answer = web.client().get(path, headers=PAGE)

    assert (answer.status_code, answer.text) == (200, "<title>Palyra</title>")
    assert answer.headers["cache-control"] == "no-cache"


def test_what_never_changes_is_kept(web: Web):
    """The names of assets change with their content."""
    answer = web.client().get("/assets/main-1a2b.js")

    assert (answer.status_code, answer.text) == (200, "let x")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")


def test_it_is_packed_for_who_can_unpack_it(web: Web):
    """The same file goes packed to browsers, and as it is to programs that do not ask for that."""
    loose = web.client().get("/assets/main-1a2b.js", headers={"accept-encoding": "identity"})
    packed = web.client().get("/assets/main-1a2b.js", headers={"accept-encoding": "gzip, br"})

    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == loose.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in loose.headers
    assert packed.text == loose.text == "let x"
    assert packed.headers["content-type"] == loose.headers["content-type"]


@pytest.mark.parametrize("path", ["/assets/gone.js", "/favicon.png", "/api", "/api/v2/hooks", "/api/v1/no"])
def test_what_is_not_there_is_not_there(web: Web, path: str):
    """A program that asks for what is gone, or for an operation that there is none of, gets no page."""
    assert problem(web.client().get(path)) == (404, "UNKNOWN_PATH")


def test_the_api_has_no_pages(web: Web):
    """Not even for a browser."""
    assert problem(web.client().get("/api/v1/no", headers=PAGE)) == (404, "UNKNOWN_PATH")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/link.txt",
        "/..%5csecret.txt",
        "/secret.txt%00.js",
        "/" + "a" * 5000,
    ],
)
def test_nothing_outside_the_console_is_served(web: Web, path: str):
    """Whatever leads out of its folder, also over a link in it, is nothing."""
    answer = web.client().get(path)

    assert problem(answer) == (404, "UNKNOWN_PATH")


def test_a_console_that_was_not_built_says_how(stage: Stage):
    """In a checkout, a browser is told what to do."""
    with web_stage(stage) as web:
        answer = web.client().get("/", headers=PAGE)

    assert answer.status_code == 503
    assert "npm run build" in answer.text
