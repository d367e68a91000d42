"""What the daemon does with a tick and with an outcome: due pages are claimed, what came of them is kept."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from msgspec import Struct

from core.errors import StorageError
from core.model import FailureKind, FetchFailure, FetchPlan
from govwatch.app import App
from govwatch.batching import Batch
from govwatch.pages import plan_of, schedule_of
from govwatch.recording import Checked, Finding, record
from govwatch.replanning import replan
from govwatch.turns import Turn
from reports.plain import count
from scheduler.clock import ClockWatch
from scheduler.timing import opens_at
from storage.rows import PageRow
from storage.write import Store

MOST_PUT_OFF = 2_000

_Value = TypeVar("_Value")


class _Claim(Struct, frozen=True):
    """What a tick takes: pages to be fetched by their plans, and pages that the configuration read does not know."""

    pages: Sequence[PageRow] = ()
    plans: Sequence[FetchPlan] = ()
    unknown: Sequence[PageRow] = ()


class Checking:
    """The pages under way, and the findings on their way into the database, on a running event loop.

    The database is asked in the thread that keeps, between two batches; `turn` is that thread's. `on_checked` is called
    as each check is kept; `tell` with a kind of event (trouble, clock) and what is said of it, also from that thread.
    """

    def __init__(
        self, app: App, store: Store, on_checked: Callable[[Checked], None], tell: Callable[[str, str], None]
    ) -> None:
        self._app, self._store, self._tell = app, store, tell
        self._pages: dict[int, PageRow] = {}
        self._clock = ClockWatch(app.now)
        self.turn = Turn()
        self._batch = Batch(partial(record, app, store, turn=self.turn), on_checked, partial(tell, "trouble"))

    async def due(self, most: int, under_way: Sequence[int]) -> Sequence[FetchPlan]:
        """Claim at most so many pages; none while keeping is stuck, since what cannot be kept need not be fetched."""
        self._pages = {page: self._pages[page] for page in under_way}
        # A page that waits to be kept is still due in the database, so that is done first.
        if not await self._batch.settle():
            return ()
        claim = await self._if_possible(partial(self._claim, most, tuple(self._pages.values())), _Claim())
        self._pages |= {page.id: page for page in claim.pages}
        now = self._app.now()
        for page in claim.unknown:
            self._batch.add(Finding(page, self._unknown(page, now), now))
        return claim.plans

    async def given_up(self, under_way: Sequence[int]) -> Sequence[int]:
        """Return the pages whose host is to be left alone by now: another of its pages failed, or it asked for that."""
        hosts = {page: self._pages[page].host for page in under_way}
        return await self._if_possible(partial(self._of_resting_hosts, hosts), ())

    def page_of(self, page: int) -> PageRow:
        """Return a page that was claimed."""
        return self._pages[page]

    def keep(self, plan: FetchPlan, finding: Finding) -> None:
        """Keep what came of a page."""
        outcome = finding.outcome
        # Stopped before an answer came: that is no check, and the page is still due at the next start.
        if not (isinstance(outcome, FetchFailure) and outcome.kind is FailureKind.CANCELLED):
            self._batch.add(finding)

    async def room(self) -> None:
        """Wait until more may be fetched."""
        await self._batch.room()

    def flush(self) -> None:
        """Keep what is left. Raises StorageError."""
        self._batch.flush()

    async def _if_possible(self, read: Callable[[], _Value], otherwise: _Value) -> _Value:
        try:
            return await self._batch.between(read)
        except StorageError as error:
            if not error.is_passing:
                raise
            self._tell("trouble", f"{error}; pages are claimed when it has passed")
            return otherwise

    def _of_resting_hosts(self, hosts: Mapping[int, str]) -> Sequence[int]:
        resting = self._store.reading().resting(set(hosts.values()), self._app.now())
        return [page for page, host in hosts.items() if host in resting]

    def _claim(self, most: int, under_way: Sequence[PageRow]) -> _Claim:
        self._plan_by_clock()
        kept = self._store.reading()
        now = self._app.now()
        claimed = kept.claim(now, most, under_way)
        fresh = [page for page in claimed if opens_at(schedule_of(page.schedule), now) == now]
        if len(fresh) < len(claimed):
            self._put_off([page for page in claimed if page not in fresh], now)
        known = [page for page in fresh if not self._is_unknown(page)]
        plans = [plan_of(self._app, page, kept.validators(page.id)) for page in known]
        return _Claim(known, plans, list(filter(self._is_unknown, fresh)))

    def _is_unknown(self, page: PageRow) -> bool:
        """Tell whether a page came into the configuration after the daemon read that: brought by another command.

        Fetched without the headers, cookies or proxy of its target it might show something else, which would be told.
        """
        return page.origin == "config" and page.url not in self._app.targets

    def _unknown(self, page: PageRow, now: datetime) -> FetchFailure:
        said = f"the daemon was started before this page came into {self._app.settings.path}; start it again"
        return FetchFailure(page.url, FailureKind.SETTINGS, said, now, now)

    def _put_off(self, closed: Sequence[PageRow], now: datetime) -> None:
        """Let pages that came due outside of their windows wait for those, with all others of their host and schedule.

        They would else take the places of pages that may be checked now.
        """
        with self._store.transaction() as tx:
            for host, schedule in {(page.host, page.schedule) for page in closed}:
                tx.put_off(host, schedule, now, opens_at(schedule_of(schedule), now), MOST_PUT_OFF)

    def _plan_by_clock(self) -> None:
        """Plan anew where the clock was set."""
        if jump := self._clock.jump():
            pages = replan(self._app, self._store)
            self._clock.accept()
            self._tell("clock", _jump_said(jump, pages))


def _jump_said(jump: timedelta, pages: int) -> str:
    way = "back" if jump < timedelta(0) else "forward, or the machine slept,"
    planned = f"; {count(pages, 'page')} planned anew" if pages else ""
    return f"the clock was set {way} by {timedelta(seconds=round(abs(jump).total_seconds()))}{planned}"
