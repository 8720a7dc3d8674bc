"""Requests that try to get out: looked at where the process calls ``connect``, below all of our code."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from tests.http_stage import HttpStage, Names, loopback
from tests.loopback_server import LoopbackServer, answering, ok, redirecting
from tests.security.socket_watch import watched
from tests.security.ssrf_cases import (
    FORBIDDEN,
    MISSPELLED_HOSTS,
    MISSPELLED_URLS,
    MIXED_ANSWERS,
    NOT_OPTED,
)

PUBLIC = "93.184.216.34"
EVIL = "evil.example.com"

#: names of which the local network, or the resolver itself, knows a local address
LOCAL_NAMES = ("localhost", "app.localhost", "metadata.google.internal", "instance-data", "router.lan")

OPTED = (
    "http://127.0.0.1:8080",
    "https://wiki.internal 10.1.0.0/16",
    "http://legacy.example.com",
)
HOSTS = (
    "api.example.com",
    "legacy.example.com",
    "wiki.internal",
    "127.0.0.1",
    "127.0.0.2",
    "::1",
    "localhost",
)


def opted(*answers: str) -> HttpStage:
    """A plugin under an operator who opened a few origins, with a name server that lies about all."""
    names = Names({host: [answers or (PUBLIC,)] for host in HOSTS})
    return HttpStage(hosts=HOSTS, origins=OPTED, names=names)


@pytest.fixture
def nowhere(tally):
    """Asserts, afterwards, that the process connected to nothing and asked the system for no name."""
    with watched() as seen:
        yield
    tally["SSRF cases"] += 1
    tally["connects outside of the rules"] += len(seen.connects)
    assert (seen.connects, seen.lookups) == ([], [])


@pytest.mark.parametrize("host", MISSPELLED_HOSTS)
def test_misspelled_host(nowhere, host):
    """A host with a second spelling is refused, also where somebody granted just that spelling."""
    code = HttpStage(hosts=[host or "x"], names=Names({host: [["127.0.0.1"]]})).code(f"https://{host}/")
    assert code == "bad_request"


@pytest.mark.parametrize("url", MISSPELLED_URLS)
def test_misspelled_url(nowhere, url):
    """A URL that two programs could read differently is refused."""
    stage = HttpStage(hosts=[EVIL, "127.0.0.1"], names=Names({EVIL: [[PUBLIC]]}))
    assert stage.code(url) == "bad_request"


@pytest.mark.parametrize("address", FORBIDDEN)
def test_name_to_forbidden_address(nowhere, address):
    """A granted name that leads to a forbidden address is denied, and nobody connects."""
    assert HttpStage(hosts=[EVIL], names=Names({EVIL: [[address]]})).code(f"https://{EVIL}/") == "denied"


@pytest.mark.parametrize("address", [text for text in FORBIDDEN if not text.startswith(("::ffff:1", "::7f"))])
def test_forbidden_address_itself(nowhere, address):
    """A forbidden address is denied where it was granted like any host."""
    parsed = ip_address(address)
    host = str(parsed) if parsed.version == 4 else f"[{parsed}]"
    assert HttpStage(hosts=[str(parsed)]).code(f"https://{host}/") == "denied"


@pytest.mark.parametrize("answers", MIXED_ANSWERS.values(), ids=MIXED_ANSWERS.keys())
def test_mixed_answers(nowhere, answers):
    """One forbidden address among public ones spoils them all."""
    assert HttpStage(hosts=[EVIL], names=Names({EVIL: [answers]})).code(f"https://{EVIL}/") == "denied"


@pytest.mark.parametrize("name", LOCAL_NAMES)
def test_local_name(nowhere, name):
    """A name that only the local network knows is denied by where it leads."""
    answer = "169.254.169.254" if name.startswith(("metadata", "instance")) else "127.0.0.1"
    assert HttpStage(hosts=[name], names=Names({name: [[answer]]})).code(f"https://{name}/") == "denied"


@pytest.mark.parametrize("url", NOT_OPTED)
def test_not_opted(nowhere, url):
    """An operator's origin opens itself: no other port, scheme, host or address."""
    stage = opted("127.0.0.1") if "localhost" in url else opted()
    assert stage.code(url) == "denied"


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.2.0.1", "10.0.255.255", PUBLIC, "::1", "169.254.169.254"]
)
def test_outside_of_the_named_networks(nowhere, address):
    """A name with networks leads into those and nowhere else, not even to a public address."""
    assert opted(address).code("https://wiki.internal/") == "denied"


@pytest.mark.parametrize("origin", ["http://169.254.169.254", "http://0.0.0.0:80", "http://[fd00:ec2::254]"])
def test_never(nowhere, origin):
    """Addresses with credentials, or with no server, are denied to an operator's origin as well."""
    host = origin.removeprefix("http://").removesuffix(":80")
    stage = HttpStage(hosts=[host], origins=[f"http://{host}"])
    assert stage.code(f"http://{host}/latest/") == "denied"


@pytest.mark.parametrize("answers", [(), (PUBLIC,) * 65, (PUBLIC,) * 1500], ids=["none", "65", "1500"])
def test_number_of_answers(nowhere, answers):
    """A name with no address, or with a flood of them, is not followed."""
    assert HttpStage(hosts=[EVIL], names=Names({EVIL: [answers]})).code(f"https://{EVIL}/") == "dns"


@pytest.mark.parametrize(
    ("url", "answers", "place"),
    [
        ("https://api.example.com/", (PUBLIC,), (PUBLIC, 443)),
        ("https://api.example.com/", ("2606:2800:220:1::1",), ("2606:2800:220:1::1", 443)),
        ("https://api.example.com/", ("64:ff9b::5db8:d822",), ("64:ff9b::5db8:d822", 443)),
        ("http://legacy.example.com/", (PUBLIC,), (PUBLIC, 80)),
        ("https://legacy.example.com/", (PUBLIC,), (PUBLIC, 443)),
        ("https://wiki.internal/", ("10.1.2.3",), ("10.1.2.3", 443)),
        ("http://127.0.0.1:8080/", (), ("127.0.0.1", 8080)),
    ],
)
def test_allowed(tally, url, answers, place):
    """What is allowed is connected to at the address that was checked, and asks the system for no name."""
    with watched() as seen:
        assert opted(*answers).code(url) == "connect"
    tally["SSRF cases"] += 1
    assert (seen.connects, seen.lookups) == ([place], [])


def test_rebinding(tally):
    """A name that turns local between two requests, or between check and connect, gains nothing."""
    names = Names({EVIL: [[PUBLIC], ["127.0.0.1"]]})
    stage = HttpStage(hosts=[EVIL], names=names)
    with watched() as seen:
        codes = [stage.code(f"https://{EVIL}/") for _ in range(2)]
    tally["SSRF cases"] += 1
    # Once a request: what was checked is what was connected to.
    assert (codes, seen.connects, len(names.asked)) == (["connect", "denied"], [(PUBLIC, 443)], 2)


def targets() -> list[str]:
    """Return where a hostile server redirects to."""
    literals = [
        str(address) if address.version == 4 else f"[{address}]" for address in map(ip_address, FORBIDDEN)
    ]
    return [
        *(f"http://{host}/" for host in literals),
        *(url for url in MISSPELLED_URLS if url.isascii() and url.isprintable() and ":" in url),
        *NOT_OPTED[4:],
    ]


@pytest.mark.parametrize("target", targets())
def test_redirect(tally, target):
    """A server that was allowed cannot lead a request to anywhere else."""
    with LoopbackServer(redirecting(target)) as server, watched() as seen:
        code = loopback(server.port).code(f"{server.origin}/")
    tally["SSRF cases"] += 1
    tally["connects outside of the rules"] += len(seen.connects) - 1
    assert (code, seen.connects) == ("redirect", [("127.0.0.1", server.port)])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/", "http://localhost:{port}/", "//127.0.0.2:{port}/"]
)
def test_redirect_status(tally, status, target):
    """No kind of redirect is an exception."""
    with LoopbackServer(answering(ok())) as server, watched() as seen:
        server.behaviour = redirecting(target.format(port=server.port), status)
        code = loopback(server.port).code(f"{server.origin}/", method="POST", body="x")
    tally["SSRF cases"] += 1
    assert (code, seen.connects) == ("redirect", [("127.0.0.1", server.port)])


def test_redirect_to_a_granted_name_that_turned_local(tally):
    """Each hop is looked up and checked anew."""
    names = Names({EVIL: [["127.0.0.1"]]})
    with LoopbackServer(redirecting(f"http://{EVIL}/")) as server, watched() as seen:
        origins = [f"http://127.0.0.1:{server.port}", f"http://{EVIL}"]
        code = HttpStage(hosts=["127.0.0.1", EVIL], origins=origins, names=names).code(f"{server.origin}/")
    tally["SSRF cases"] += 1
    assert (code, seen.connects) == ("redirect", [("127.0.0.1", server.port)])


def test_redirect_loop(tally):
    """A loop ends after three redirects."""
    with LoopbackServer(redirecting("/again")) as server, watched() as seen:
        code = loopback(server.port).code(f"{server.origin}/")
    tally["SSRF cases"] += 1
    assert (code, len(seen.connects)) == ("redirect", 4)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"])
def test_environment_proxy(tally, monkeypatch, variable):
    """The environment names no proxy for plugins."""
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    with LoopbackServer(answering(ok())) as server, watched() as seen:
        code = loopback(server.port).code(f"{server.origin}/")
    tally["SSRF cases"] += 1
    assert (code, seen.connects) == ("ok", [("127.0.0.1", server.port)])
