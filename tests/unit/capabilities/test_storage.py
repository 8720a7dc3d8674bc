from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from palyra_events.blob import Blob, keep
from palyra_events.delivery import AttemptSucceeded
from palyra_events.effect import Effects, StorageWrite
from palyra_events.store import EventLog
from palyra_runtime.capabilities import AttemptHost, Caller, HostServices, storage
from palyra_runtime.sandbox import CapabilityGrantSet
from palyra_runtime.sandbox.session import HostCall
from projections import Projector, Views, open_engine
from tests.journal import Journal
from tests.sample_events import BARE_INVOCATION, MOMENT
from tests.stage import no_ways_out

GRANTS = CapabilityGrantSet(storage_prefixes=("notes", "notes/drafts", "other"), channels=("ops",))
NOTES, DRAFTS, OTHER = 30_000, 30_001, 30_002


class Attempts:
    """Attempts of the plugin ``echo`` over one log, each of which sees what was recorded before it."""

    def __init__(self, log: EventLog, views: Views) -> None:
        self.log = log
        self.views = views
        self._journal = Journal(log)
        self._services = HostServices(
            log=log, views=views, now=lambda: MOMENT, random_bytes=bytes, ways_out=no_ways_out()
        )
        self.host = self.begin()

    def begin(self, plugin_id: str = "echo") -> AttemptHost:
        """Open the host for the next attempt."""
        self.host = self._services.open(Caller(plugin_id, GRANTS, "12:greet.1"))
        return self.host

    def record(self, effects: Effects | None = None, blobs: list[Blob] | None = None) -> None:
        """Record that the attempt succeeded, and begin the next one."""
        invocation = BARE_INVOCATION.model_copy(update={"plugin_id": "echo"})
        event = self._journal.stamp().on(
            AttemptSucceeded,
            delivery_id="1:greet",
            attempt=1,
            invocation=invocation,
            effects=effects or self.host.effects.effects(),
        )
        self._journal.append([event], self.host.effects.blobs() if blobs is None else blobs)
        self.begin()

    def call(self, operation: str, handle: int = NOTES, **request: object) -> dict[str, object]:
        """Make a host call."""
        asked = json.dumps({"op": f"storage.{operation}", "handle": handle, **request}).encode()
        return json.loads(self.host.broker.answer(HostCall(0, asked, GRANTS, 4 * 1024**2, 1.0)))

    def ask(self, operation: str, handle: int = NOTES, **request: object) -> object:
        """Make a host call that is answered ``ok``."""
        return self.call(operation, handle, **request)["ok"]

    def code(self, operation: str, handle: int = NOTES, **request: object) -> str:
        """Make a host call that is refused, and return why."""
        return self.call(operation, handle, **request)["error"]["code"]


@pytest.fixture
def attempts(tmp_path: Path) -> Iterator[Attempts]:
    with EventLog.open(f"sqlite:///{tmp_path}/palyra.db") as log:
        engine = open_engine(log.url)
        yield Attempts(log, Views(engine, Projector(engine, log)))
        engine.dispose()


def nothing(_: Attempts) -> None:
    """Go on with the same attempt."""


#: what lies between a write and the look at it: nothing, or the end of the attempt
each_moment = pytest.mark.parametrize("then", [nothing, Attempts.record], ids=["own", "recorded"])
Then = Callable[[Attempts], None]


@pytest.mark.parametrize("value", [None, True, 0, -1.5, "", "größe \u2028 \0", [1, [2]], {"a": {"b": None}}])
@each_moment
def test_a_value_comes_back_as_it_was(attempts: Attempts, value: object, then: Then):
    """Any JSON value is kept, in this attempt and in the next one."""
    assert attempts.ask("put", key="k", value=value) is True
    then(attempts)

    assert attempts.ask("get", key="k") == {"value": value}


@each_moment
def test_where_nothing_is_kept_the_answer_is_null(attempts: Attempts, then: Then):
    """A value that is null is another thing than none; a deleted one is none."""
    attempts.ask("put", key="null", value=None)
    attempts.ask("put", key="gone", value=1)
    attempts.record()

    assert attempts.ask("delete", key="gone") is True
    then(attempts)

    assert attempts.ask("get", key="never") is None
    assert attempts.ask("get", key="gone") is None
    assert attempts.ask("get", key="null") == {"value": None}
    assert attempts.ask("delete", key="gone") is False


@each_moment
def test_a_prefix_covers_its_sub_prefixes(attempts: Attempts, then: Then):
    """One value is reached through both grants; another prefix has another value of the same key."""
    attempts.ask("put", DRAFTS, key="k", value="draft")
    attempts.ask("put", OTHER, key="k", value="other")
    then(attempts)

    assert attempts.ask("get", NOTES, key="drafts/k") == {"value": "draft"}
    assert attempts.ask("get", NOTES, key="k") is None
    assert attempts.ask("list", NOTES) == {"keys": ["drafts/k"], "next": None}
    assert attempts.ask("list", DRAFTS) == {"keys": ["k"], "next": None}
    attempts.ask("put", NOTES, key="drafts/k", value="new")
    assert attempts.ask("get", DRAFTS, key="k") == {"value": "new"}


def test_another_plugin_sees_nothing_of_it(attempts: Attempts):
    """The same grant is another place for each plugin."""
    attempts.ask("put", key="k", value=1)
    attempts.record()

    attempts.begin("other")

    assert attempts.ask("get", key="k") is None
    assert attempts.ask("list") == {"keys": [], "next": None}


def test_an_attempt_begins_with_what_the_last_outcome_left(attempts: Attempts):
    """Whoever recorded it, and whether or not anybody has folded it yet."""
    reference, blob = keep(b"1")
    attempts.record(Effects(storage=(StorageWrite(prefix="notes", key="late", value=reference),)), [blob])

    assert attempts.ask("get", key="late") == {"value": 1}


def test_the_last_of_several_writes_counts(attempts: Attempts):
    """A place is written once in the outcome, and bytes that nobody reads are not kept."""
    for value in range(3):
        attempts.ask("put", key="k", value=value)
    attempts.ask("put", key="gone", value=3)
    attempts.ask("delete", key="gone")

    effects = attempts.host.effects

    assert [(w.path, w.value is None) for w in effects.effects().storage] == [
        ("notes/k", False),
        ("notes/gone", True),
    ]
    assert [blob.content for blob in effects.blobs()] == [b"2"]


@each_moment
def test_keys_are_listed_in_pages_by_their_bytes(attempts: Attempts, then: Then):
    """Whoever follows the cursor meets each key once, own writes and deletions among them."""
    keys = ["B", "a", "a/1", "a/2", "b", "zz", "ä", "€", "\U0001f600"]
    for key in reversed(keys):
        attempts.ask("put", key=key, value=1)
    attempts.ask("put", key="c", value=1)
    then(attempts)
    attempts.ask("delete", key="c")

    found, page = [], attempts.ask("list", limit=2)
    while page["next"] is not None:
        found += page["keys"]
        page = attempts.ask("list", limit=2, after=page["next"])

    assert found + page["keys"] == keys
    assert attempts.ask("list", prefix="a") == {"keys": ["a", "a/1", "a/2"], "next": None}
    assert attempts.ask("list", prefix="a/") == {"keys": ["a/1", "a/2"], "next": None}
    assert attempts.ask("list", prefix="a", after="a", limit=1) == {"keys": ["a/1"], "next": "a/1"}


def test_a_listing_mixes_what_is_kept_with_what_is_written(attempts: Attempts):
    """A page is full although some of the kept keys were deleted, and it has the new ones between them."""
    for number in range(0, 20, 2):
        attempts.ask("put", key=f"{number:02}", value=1)
    attempts.record()
    for number in range(0, 20, 4):
        attempts.ask("delete", key=f"{number:02}")
    for number in range(1, 20, 2):
        attempts.ask("put", key=f"{number:02}", value=1)

    page = attempts.ask("list", limit=6)

    assert page == {"keys": ["01", "02", "03", "05", "06", "07"], "next": "07"}


@pytest.mark.parametrize(
    "key",
    [
        "",
        "a\nb",
        "\0",
        "\x7f",
        "\x85",
        "..",
        "a/../b",
        "a..b",
        "/a",
        "a/",
        "a//b",
        "k" * 513,
        "ä" * 257,
        None,
        1,
    ],
)
@pytest.mark.parametrize("operation", ["get", "put", "delete"])
def test_a_key_of_another_form_is_refused(attempts: Attempts, operation: str, key: object):
    """Keys are bounded, printable, and never climb."""
    value = {"value": 1} if operation == "put" else {}

    assert attempts.code(operation, key=key, **value) == "bad_request"
    assert attempts.host.effects.effects() == Effects()


@pytest.mark.parametrize("key", ["k" * 512, "ä" * 256, "a b", ".", "a.b", "\\", "'; DROP TABLE", "%", "_"])
@each_moment
def test_a_key_may_be_anything_else(attempts: Attempts, key: str, then: Then):
    """No character means anything to the database, and 512 bytes are a key."""
    attempts.ask("put", key=key, value=1)
    then(attempts)

    assert attempts.ask("list") == {"keys": [key], "next": None}
    assert attempts.ask("list", prefix="zz") == {"keys": [], "next": None}


@pytest.mark.parametrize(
    ("operation", "request_fields"),
    [
        ("get", {}),
        ("get", {"key": "k", "value": 1}),
        ("put", {"key": "k"}),
        ("put", {"key": "k", "value": 1, "ttl": 5}),
        ("delete", {"keys": ["k"]}),
        ("list", {"limit": 0}),
        ("list", {"limit": 1001}),
        ("list", {"limit": True}),
        ("list", {"limit": "5"}),
        ("list", {"prefix": 5}),
        ("list", {"after": "k" * 1025}),
        ("list", {"prefix": "\0"}),
    ],
)
def test_a_request_of_another_form_is_refused(attempts: Attempts, operation: str, request_fields: dict):
    """A key too much or of another type is a mistake of the guest's, and it is told so."""
    assert attempts.code(operation, **request_fields) == "bad_request"


@pytest.mark.parametrize("handle", [30_003, 40_000, 10_000, None, "30000"])
def test_a_handle_that_was_not_granted_opens_nothing(attempts: Attempts, handle: object):
    """Storage is reached through the handles of this attempt alone."""
    assert attempts.code("get", handle, key="k") == "denied"


def test_a_value_has_64_kib_at_most(attempts: Attempts):
    """The bytes of its JSON text count, quotes included."""
    assert attempts.ask("put", key="k", value="x" * (64 * 1024 - 2)) is True
    assert attempts.code("put", key="k", value="x" * (64 * 1024 - 1)) == "too_large"


def test_an_attempt_writes_one_mib_at_most(attempts: Attempts):
    """Writing over the same key again and again counts, too."""
    for _ in range(16):
        attempts.ask("put", key="k", value="x" * (64 * 1024 - 2))

    assert attempts.code("put", key="k", value="") == "limit"
    assert attempts.ask("delete", key="k") is True


def test_the_outcome_has_room_for_so_many_writes(attempts: Attempts):
    """The effects of an attempt fit into its event; the answer says when there is no more room."""
    answers = [attempts.call("put", key=f"{number:0512}", value=1) for number in range(60)]

    kept = len(attempts.host.effects.effects().storage)
    assert 30 < kept < 60
    assert [answer.get("ok") for answer in answers[:kept]] == [True] * kept
    assert {answer["error"]["code"] for answer in answers[kept:]} == {"limit"}
    assert attempts.ask("put", key=f"{0:0512}", value=2) is True
    assert len(attempts.host.effects.effects().model_dump_json().encode()) < 24 * 1024 + 30


def test_a_plugin_keeps_so_many_values(attempts: Attempts, monkeypatch: pytest.MonkeyPatch):
    """A new key is refused when the plugin has enough of them; an old one can be written, and one deleted."""
    monkeypatch.setattr(storage, "PLUGIN_KEYS_MAX", 2)
    attempts.ask("put", key="a", value=1)
    attempts.record()
    attempts.ask("put", key="b", value=1)

    assert attempts.code("put", key="c", value=1) == "quota"
    assert attempts.ask("put", key="a", value=2) is True
    assert attempts.ask("delete", key="a") is True
    assert attempts.ask("put", key="c", value=1) is True


def test_a_plugin_keeps_so_many_bytes(attempts: Attempts, monkeypatch: pytest.MonkeyPatch):
    """What the outcomes before have left counts; what is written over or deleted does not any more."""
    monkeypatch.setattr(storage, "PLUGIN_BYTES_MAX", 10)
    attempts.ask("put", key="a", value=1_234_567)
    attempts.record()

    assert attempts.code("put", key="b", value=1_234) == "quota"
    assert attempts.ask("put", key="a", value=123) is True
    assert attempts.ask("put", key="b", value=1_234_567) is True
    assert attempts.code("put", key="c", value=1) == "quota"
    attempts.ask("delete", key="b")
    assert attempts.ask("put", key="c", value=1_234_567) is True


def test_bytes_that_were_erased_are_a_refusal(attempts: Attempts):
    """The key is still there, and the guest is told that its value is not."""
    reference, _ = keep(b"1")
    attempts.record(Effects(storage=(StorageWrite(prefix="notes", key="k", value=reference),)), [])

    assert attempts.code("get", key="k") == "erased"
    assert attempts.ask("list") == {"keys": ["k"], "next": None}


def test_a_prefix_too_long_for_a_key_is_refused(attempts: Attempts):
    """A grant can be longer than what the database indexes; then nothing can be kept under it."""
    grants = CapabilityGrantSet(storage_prefixes=("p" * 1024,))
    asked = b'{"op":"storage.put","handle":30000,"key":"k","value":1}'

    answer = attempts.host.broker.answer(HostCall(0, asked, grants, 1000, 1.0))

    assert json.loads(answer)["error"]["code"] == "bad_request"
