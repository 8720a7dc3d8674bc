from __future__ import annotations

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from palyra_runtime.capabilities.egress.address import Reach, kind_of
from palyra_runtime.capabilities.egress.errors import InvalidUrl
from palyra_runtime.capabilities.egress.url import Url, parse_url
from tests.http_stage import HttpStage, Names

ADDRESSES = st.ip_addresses(v=4) | st.ip_addresses(v=6)
PIECES = st.sampled_from(
    [
        *("https://", "http://", "//", "/", ":", "@", "#", "?", "%", "\\", ".", "..", "[", "]"),
        *("::1", "127.0.0.1", "example.com", "xn--bcher-kva", "xn--", "443", "80", "0", "A", "%2e"),
        *("\u3002", "\u00ad", " ", "\t", "\x00"),
    ]
)
TEXTS = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=30)


def parsed(text: str) -> Url | None:
    try:
        return parse_url(text)
    except InvalidUrl:
        return None


@given(ADDRESSES)
def test_public_by_our_table_is_public_by_pythons(address):
    """Nothing that Python's own table keeps private is public by ours."""
    assert kind_of(address).reach is not Reach.PUBLIC or not address.is_private or is_nat64(address)


def is_nat64(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Versions of Python differ in what they take these two for; our own table decides by what is inside."""
    carriers = map(ipaddress.ip_network, ("64:ff9b::/96", "::ffff:0:0/96"))
    return any(address in network for network in carriers)


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:{}", "64:ff9b::{}"]))
def test_carried_is_never_more_than_what_it_carries(address, form):
    """An address in another one is public only where it is public itself, and local never."""
    carried = kind_of(ipaddress.ip_address(form.format(address))).reach
    assert carried is (Reach.PUBLIC if kind_of(address).reach is Reach.PUBLIC else Reach.NEVER)


@given(TEXTS)
@example("https://example.com")
def test_one_spelling(text):
    """What is accepted is printed as it was written, but for the first slash, and parses to the same."""
    url = parsed(text)
    if url is not None:
        assert str(url) in {text, text + "/", text.replace("?", "/?", 1)}
        assert parse_url(str(url)) == url


@given(TEXTS)
def test_a_reference_stays_in_the_grammar(reference):
    """What a server redirects to is a URL in its one spelling, or it is refused."""
    base = parse_url("https://example.com/a/b?c")
    try:
        joined = base.join(reference)
    except InvalidUrl:
        return
    assert parse_url(str(joined)) == joined


@given(st.ip_addresses(v=4))
def test_numbers_are_not_names(address):
    """No number stands for an address: not in decimal, not in hexadecimal, not in octal."""
    for text in (f"{int(address)}", f"{int(address):#x}", f"0{int(address):o}"):
        with pytest.raises(InvalidUrl):
            parse_url(f"https://{text}/")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
HEADERS = st.dictionaries(
    st.sampled_from(["X", "Host", "x", "A b", "Authorization"]) | st.text(max_size=5),
    JSON | st.fixed_dictionaries({"secret": st.integers(19_999, 20_001) | JSON}, optional={"prefix": JSON}),
    max_size=3,
)
REQUESTS = st.fixed_dictionaries(
    {
        "op": st.sampled_from(["http.request", "secret.hmac"]),
        "handle": st.sampled_from([10_000, 20_000]) | JSON,
    },
    optional={
        "method": st.sampled_from(["GET", "POST", "HEAD", "DELETE"]) | JSON,
        "url": st.just("https://api.example.com/") | TEXTS | JSON,
        "headers": HEADERS | JSON,
        "body": JSON,
        "body_base64": st.just("eA==") | JSON,
        "timeout_ms": JSON,
        "data": JSON,
        "data_base64": JSON,
        "algorithm": st.sampled_from(["sha256", "md5"]) | JSON,
    },
)


@given(REQUESTS)
def test_every_request_has_an_answer(request_):
    """Whatever a guest asks, the answer has ``ok`` or an error's code, and nothing is raised."""
    plugin = HttpStage(
        hosts=["api.example.com"],
        names=Names({"api.example.com": [["10.0.0.1"]]}),
        secrets={"key": "a secret value"},
        secret_hosts={"key": ["api.example.com"]},
    )
    answer = plugin.call(**request_)
    assert answer.keys() == {"ok"} or answer["error"].keys() == {"code", "message"}
