from __future__ import annotations

import pytest

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.egress.exchange import Response
from palyra_runtime.capabilities.egress.redirect import next_request
from palyra_runtime.capabilities.egress.request import Request
from palyra_runtime.capabilities.egress.url import parse_url
from palyra_runtime.capabilities.refusal import Refused

POST = Request("POST", parse_url("https://a.example/x"), (("Authorization", Concealed(b"secret")),), b"body")


def answer(status: int, *places: bytes) -> Response:
    return Response(status, tuple(("location", place) for place in places), b"")


@pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 306, 404])
def test_no_redirect(status):
    """An answer that is no redirect is the last one, whatever its Location says."""
    assert next_request(POST, answer(status, b"/y")) is None


def test_redirect_to_nowhere():
    """A redirect without a Location is the last answer."""
    assert next_request(POST, answer(302)) is None


@pytest.mark.parametrize("status", [307, 308])
def test_kept(status):
    """307 and 308 repeat the request, with its secrets where the origin is the same."""
    assert next_request(POST, answer(status, b"/y")) == POST.to(parse_url("https://a.example/y"))


@pytest.mark.parametrize("status", [301, 302, 303])
def test_asked(status):
    """301, 302 and 303 ask for the result of a write."""
    following = next_request(POST, answer(status, b"/y"))
    assert (following.method, following.body, following.headers) == ("GET", b"", POST.headers)


@pytest.mark.parametrize("place", [b"https://b.example/", b"https://a.example:8443/", b"//b.example/"])
def test_other_origin(place):
    """To another origin go no secrets, and the body only where the answer says so."""
    following = next_request(POST, answer(308, place))
    assert (following.headers, following.body) == ((), b"body")


@pytest.mark.parametrize(
    "places",
    [(b"http://a.example/",), (b"/a", b"/b"), (b"ftp://a.example/",), (b"/\xff",), (b"//u@a.example/",)],
)
def test_refused(places):
    """A redirect that leaves encryption, or that this host cannot read, is an error."""
    with pytest.raises(Refused) as refused:
        next_request(POST, answer(302, *places))
    assert refused.value.code == "redirect"
