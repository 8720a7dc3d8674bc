"""Claims: of what is due, what this process carries out next.

    due deliveries ─> without busy keys and plugins ─> by turns ─> leases ─> claims

A page of due deliveries is read ahead, as the view has them, and what is claimed is looked up in the log.
Threads that ask at the same time share one commit: the first of them asks for all. Where plugins are quick,
it asks for some more, so that a commit is not all that the threads do.

Whoever dies has begun all that he has claimed, as far as others can tell. So only first attempts are claimed
before a thread is free for them: what waits behind a plugin that kills its worker loses one attempt by it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from threading import Lock
from time import monotonic

from palyra_events.application import Application
from palyra_events.delivery import Delivery
from palyra_runtime.dispatch.lease import Lease, Leases
from palyra_runtime.dispatch.lost import LostAttempts
from palyra_runtime.dispatch.pace import Pace
from palyra_runtime.dispatch.prospect import Prospect, Prospects
from projections import Busy, DeliveryRow, Views

#: attempts of one plugin at the same time, on all machines together
PLUGIN_CONCURRENCY_MAX_DEFAULT = 4
#: deliveries that are read ahead
_AHEAD = 128
#: one of so many pages is read for the shares of others as well
_WHOLE_PAGES = 8
#: seconds between two pages where something of the first one is left
_REST_S = 0.02
#: seconds for which what was read ahead is good: hooks that have come since wait for their turn no longer
_PAGE_S = 1.0
#: deliveries that are claimed although no thread waits for them
_EXTRA = 32
#: seconds for which a look at the log is good
_LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this process may carry out, as the view and the log have it, and the lease for it.

    ``looked_s`` is when the log was looked at, by the monotonic clock.
    """

    row: DeliveryRow
    prospect: Prospect
    lease: Lease
    looked_s: float


class Claims:
    """What the workers of one process carry out. Safe to share between threads."""

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        leases: Leases,
        lost: LostAttempts,
        views: Views,
        application: Application,
        prospects: Prospects,
        pace: Pace,
        now: Callable[[], datetime],
        plugin_concurrency_max: int = PLUGIN_CONCURRENCY_MAX_DEFAULT,
        stagger: int = 0,
    ) -> None:
        """Wire it; by a different ``stagger`` processes begin at different places of what is due."""
        self._leases = leases
        self._lost = lost
        self._views = views
        self._application = application
        self._prospects = prospects
        self._pace = pace
        self._now = now
        # Processes that know nothing of each other yet try different slots first.
        first = stagger % plugin_concurrency_max
        self._slots = (*range(first, plugin_concurrency_max), *range(first))
        self._stagger = stagger
        self._mutex = Lock()
        self._turn = Lock()
        self._asking = self._looks = self._pages = 0
        self._ready: deque[Claim] = deque()
        self._finished: list[Lease] = []
        self._ahead: deque[DeliveryRow] = deque()
        self._read_s = 0.0
        self._others: list[Lease] = []
        self._last_hook = ""

    def take(self) -> Claim | None:
        """Claim a delivery that is due and that nobody carries out; None where none can be had.

        What a dead owner had begun is recorded as lost before anything is read ahead. None may also mean that
        a thread that came later was faster.
        """
        looks = self._ask(1)
        try:
            with self._turn:
                claim = self._pop()
                # A look that somebody began after this thread had asked was for this thread as well.
                if claim is None and self._looks == looks:
                    self._looks += 1
                    self._claim(self._asking)
                    claim = self._pop()
                return claim
        finally:
            self._ask(-1)

    def take_quick(self) -> Claim | None:
        """Return a claim that is at hand already and likely to be over soon; None where there is none."""
        return self._pop(lambda claim: self._pace.is_quick(claim.row.plugin_id))

    def seen_anew(self, claim: Claim) -> Claim | None:
        """Return a claim as the log has it now; None where its delivery is not due any more.

        Where the log has to be looked at again, that is done for all claims that are at hand.
        """
        if monotonic() - claim.looked_s <= _LOOK_S:
            return claim
        looked_s = monotonic()
        with self._mutex:
            together = [claim, *self._ready]
        prospects = self._prospects.of([each.row for each in together])
        anew = {
            each.lease: replace(each, prospect=prospect, looked_s=looked_s)
            for each, prospect in zip(together, prospects, strict=True)
            if _is_due(prospect.delivery.state, each.row)
        }
        with self._mutex:
            # One that is not due any more stays as it was, and is found out when its turn comes.
            self._ready = deque(anew.get(each.lease, each) for each in self._ready)
        return anew.get(claim.lease)

    def give_back(self) -> None:
        """Give back, at the next opportunity, what is claimed and was not taken."""
        while (claim := self._pop()) is not None:
            self.done(claim.lease)

    def done(self, lease: Lease) -> None:
        """Give a lease back at the next opportunity: its outcome is recorded, or there is none to come."""
        with self._mutex:
            self._finished.append(lease)

    def settle(self) -> None:
        """Give back all leases that are done with."""
        with self._turn:
            self._leased([])

    def due_elsewhere(self) -> bool:
        """Return whether something is due all the same, because others are at it."""
        return bool(self._ahead) or bool(self._views.due_deliveries(self._now(), 1))

    def _pop(self, is_wanted: Callable[[Claim], bool] = bool) -> Claim | None:
        with self._mutex:
            return self._ready.popleft() if self._ready and is_wanted(self._ready[0]) else None

    def _ask(self, change: int) -> int:
        """Count one who asks, or does so no more; return how many looks at what is due were begun before."""
        with self._mutex:
            self._asking += change
            return self._looks

    def _claim(self, many: int) -> None:
        """Claim ``many`` deliveries, and some more; fewer only where no more can be had."""
        is_fresh = False
        while len(self._ready) < many:
            if wanted := list(self._wanted(many - len(self._ready))):
                self._look_up(self._leased(wanted))
            elif is_fresh or self._is_known():
                break
            else:
                self._read_ahead()
                is_fresh = True
        self._leased([])

    def _is_known(self) -> bool:
        """Return whether it was just read what is due, and some of that waits for what is under way here."""
        return bool(self._ahead) and monotonic() - self._read_s < _REST_S

    def _leased(self, wanted: Sequence[tuple[DeliveryRow, Lease]]) -> list[tuple[DeliveryRow, Lease]]:
        """Return what could be had of ``wanted``, in one commit with what is given back."""
        finished = self._done_with()
        if not wanted:
            self._leases.drop(finished)
            taken = set[Lease]()
        else:
            taken = set(self._leases.claim([lease for _, lease in wanted], finished=finished))
        with self._mutex:
            del self._finished[: len(finished)]
        return [(row, lease) for row, lease in wanted if lease in taken]

    def _look_up(self, claimed: Sequence[tuple[DeliveryRow, Lease]]) -> None:
        """Hand out what is due by the log as well: others may have been faster."""
        looked_s, claims = monotonic(), list[Claim]()
        try:
            prospects = self._prospects.of([row for row, _ in claimed]) if claimed else []
            claims = [
                Claim(row, prospect, lease, looked_s)
                for (row, lease), prospect in zip(claimed, prospects, strict=True)
                if _is_due(prospect.delivery.state, row)
            ]
        finally:
            useful = {claim.lease for claim in claims}
            with self._mutex:
                self._ready.extend(claims)
                self._finished.extend(lease for _, lease in claimed if lease not in useful)

    def _read_ahead(self) -> None:
        """Read the next page of what is due, after taking over from the dead."""
        standing = self._leases.standing()
        if any(self._leases.is_dead(each) for each in standing):
            self._lost.take_over(standing)
            standing = self._leases.standing()
        mine = set(self._leases.held())
        self._others = [each.lease for each in standing if each.lease not in mine]
        owners = sorted({self._leases.owner, *(each.owner for each in standing)})
        rows = self._views.due_deliveries(
            self._now(), _AHEAD * len(owners), after_hook=self._last_hook, busy=self._busy(self._around())
        )
        page = deque(self._share(rows, owners))
        page.rotate(-self._stagger % max(1, len(page)))
        # What waits for something that is under way here is not on this page.
        known = {row.delivery_id for row in page}
        page.extend(row for row in self._ahead if row.delivery_id not in known)
        self._ahead, self._read_s = page, monotonic()

    def _share(self, rows: Sequence[DeliveryRow], owners: Sequence[str]) -> Sequence[DeliveryRow]:
        """Return what this process tries to claim, so that those who work do not all try for the same.

        Every few pages it is all of a page: what is another's share does not wait for him for long.
        """
        self._pages += 1
        place = owners.index(self._leases.owner)
        share = [row for row in rows if row.scheduled_position % len(owners) == place]
        return share if share and self._pages % _WHOLE_PAGES else rows

    def _around(self) -> list[Lease]:
        """Return the leases that are in the way: our own, and those of others as they last stood."""
        finished = set(self._done_with())
        return [*self._others, *(lease for lease in self._leases.held() if lease not in finished)]

    def _done_with(self) -> list[Lease]:
        with self._mutex:
            return list(self._finished)

    def _busy(self, around: Sequence[Lease]) -> Busy:
        """Return which keys and plugins are not to be had: a plugin by its one key, or by all its slots."""
        closed = {
            lease.plugin_id
            for lease in around
            if lease.key == f"plugin:{lease.plugin_id}" or self._free(lease.plugin_id, around) is None
        }
        return Busy([lease.key for lease in around], sorted(closed))

    def _free(self, plugin_id: str, around: Sequence[Lease]) -> int | None:
        """Return a slot of a plugin that nobody has; None where all are taken."""
        taken = {lease.slot for lease in around if lease.plugin_id == plugin_id}
        return next((slot for slot in self._slots if slot not in taken), None)

    def _wanted(self, many: int) -> Iterator[tuple[DeliveryRow, Lease]]:
        """Yield the next deliveries that can be had, each with a lease for a free slot of its plugin.

        Those that cannot be had at the moment keep their places, until another page is read.
        """
        if monotonic() - self._read_s > _PAGE_S:
            self._ahead.clear()
        around, passed = self._around(), list[DeliveryRow]()
        keys = {lease.key for lease in around}
        exclusive_key = cache(lambda plugin_id: self._application.plugin(plugin_id).exclusive_key)
        while self._ahead and (many > 0 or (many > -_EXTRA and self._may_wait(self._ahead[0]))):
            row = self._ahead.popleft()
            # The plugin may have got storage, or lost it, since the delivery was scheduled.
            key = exclusive_key(row.plugin_id) or row.ordering_key
            slot = self._free(row.plugin_id, around)
            if slot is None or key in keys:
                passed.append(row)
                continue
            lease = Lease(key, row.plugin_id, row.delivery_id, row.attempts + 1, slot)
            around.append(lease)
            keys.add(key)
            many -= 1
            self._last_hook = row.hook_id if row.retry_at is None else self._last_hook
            yield row, lease
        self._ahead.extendleft(reversed(passed))

    def _may_wait(self, row: DeliveryRow) -> bool:
        """Return whether a delivery may be claimed before a thread is free for it."""
        return row.attempts == 0 and self._pace.is_quick(row.plugin_id)


def _is_due(delivery: Delivery, row: DeliveryRow) -> bool:
    """Return whether the log still says what the view said: others may have been faster."""
    is_open = delivery.state is not None and delivery.state.is_open
    return is_open and delivery.attempts == row.attempts and delivery.retry_at == row.retry_at
