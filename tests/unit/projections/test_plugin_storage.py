from __future__ import annotations

from palyra_events.blob import BlobRef
from palyra_events.delivery import AttemptSucceeded
from palyra_events.effect import Effects, StorageWrite
from projections import StorageUse, Views
from tests.journal import Journal
from tests.sample_events import BARE_INVOCATION


def ref(size: int) -> BlobRef:
    """A name of that many bytes; the view does not look at them."""
    return BlobRef(sha256=f"{size:064x}", size=size)


def record(journal: Journal, *writes: tuple[str, str, int | None], plugin: str = "echo") -> int:
    """Record that a run of a plugin succeeded and wrote values of these sizes."""
    storage = tuple(
        StorageWrite(prefix=prefix, key=key, value=None if size is None else ref(size))
        for prefix, key, size in writes
    )
    return journal.add(
        AttemptSucceeded,
        delivery_id="41:greet",
        attempt=1,
        invocation=BARE_INVOCATION.model_copy(update={"plugin_id": plugin}),
        effects=Effects(storage=storage),
    )


def test_a_value_is_kept_with_the_outcome_that_wrote_it(views: Views, journal: Journal):
    """The row names the blob, its size, and the event."""
    record(journal, ("notes", "a", 5))
    position = record(journal, ("notes", "b", 7))

    _, row = views.stored_values("echo")

    assert (row.path, row.blob, row.changed_position) == ("notes/b", ref(7), position)
    assert views.stored_value("echo", "notes/b") == row
    assert views.stored_value("echo", "notes/c") is None


def test_a_later_write_replaces_and_a_deletion_removes(views: Views, journal: Journal):
    """Of each place the last word counts, through whichever prefix it was said."""
    record(journal, ("notes", "a/b", 5), ("notes", "c", 6), ("notes", "d", 1))
    record(journal, ("notes/a", "b", 7), ("notes", "c", None), ("notes", "never", None))

    assert [(row.path, row.size) for row in views.stored_values("echo")] == [("notes/a/b", 7), ("notes/d", 1)]


def test_one_event_that_names_a_place_twice_writes_it_once(views: Views, journal: Journal):
    """No host makes such an outcome, but a view that stops at one would stop all dispatch."""
    record(journal, ("notes", "a/b", 5), ("notes/a", "b", 7))

    assert [row.size for row in views.stored_values("echo")] == [7]


def test_the_use_of_a_plugin_is_its_own(views: Views, journal: Journal):
    """Keys and bytes are counted per plugin; one that keeps nothing uses nothing."""
    record(journal, ("notes", "a", 5), ("notes", "b", 7))
    record(journal, ("notes", "a", 100), plugin="other")

    assert views.storage_use("echo") == StorageUse(2, 12)
    assert views.storage_use("third") == StorageUse(0, 0)


def test_values_come_in_pages_by_the_bytes_of_their_paths(views: Views, journal: Journal):
    """The order is the same on every machine, and a beginning with a wildcard is taken by the letter."""
    paths = ["B", "a", "a%", "a%b", "ab", "b", "ä", "\U0001f600"]
    record(journal, *(("n", path, 1) for path in reversed(paths)))

    def page(beginning: str, after: str, limit: int) -> list[str]:
        rows = views.stored_values("echo", beginning=beginning, after=after, limit=limit)
        return [row.path.removeprefix("n/") for row in rows]

    assert page("n/", "", 100) == paths
    assert page("n/", "n/a%b", 2) == ["ab", "b"]
    assert page("n/a%", "", 100) == ["a%", "a%b"]


def test_a_value_is_found_by_the_key(views: Views, journal: Journal, plan_of):
    """Looking one up costs the same however many are kept."""
    record(journal, ("notes", "a", 5))

    for question in (
        lambda: views.as_is.stored_value("echo", "notes/a"),
        lambda: views.as_is.stored_values("echo", beginning="notes/", after="notes/0"),
    ):
        views.storage_use("echo")
        assert "ix_plugin_storage_g1_" in plan_of(question)
