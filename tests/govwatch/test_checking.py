"""What a tick takes: pages outside of their windows wait, and take nobody's place."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.settings import Settings, Target
from core.errors import StorageError
from core.hosts import HostState
from govwatch import checking
from govwatch.app import App
from govwatch.checking import Checking
from storage.rows import PageDraft
from storage.write import Store, open_store

EVENING = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""20:00 of a Monday in Shanghai."""
MORNING = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
OFFICE = "every 1800 window Asia/Shanghai mon-fri 08:00-18:00"


def ticks(store: Store, now: datetime, number: int) -> list[list[int]]:
    """The pages that so many ticks in a row take, none of them answered yet."""

    async def play() -> list[list[int]]:
        app = App(Settings(), Path(":memory:"), lambda: now)
        daemon = Checking(app, store, lambda checked: None, lambda kind, said: None)
        taken: list[list[int]] = []
        for _ in range(number):
            under_way = [page for tick in taken for page in tick]
            taken.append([plan.page for plan in await daemon.due(100, under_way)])
        return taken

    return asyncio.run(play())


def test_pages_outside_of_their_window_wait_for_it_and_take_no_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST_PUT_OFF", 30)
    with open_store(Path(":memory:")) as store:
        with store.transaction() as tx:
            for number in range(1, 51):
                page = PageDraft(f"https://a.cn/{number}", scheduled=True, schedule=OFFICE)
                tx.put_page(page, EVENING - timedelta(hours=3))
            for number in range(51, 54):
                tx.put_page(PageDraft(f"https://a.cn/{number}", scheduled=True, schedule="every 60"), EVENING)
        # At most 30 are put off in one go; then the pages that may be checked have their turn.
        assert ticks(store, EVENING, 3) == [[], [], [51, 52, 53]]
        assert {page.next_due for page in store.reading().pages()[:50]} == {MORNING}
        assert ticks(store, MORNING - timedelta(seconds=1), 1) == [[51, 52, 53]]
        assert len(ticks(store, MORNING, 1)[0]) == 8


def test_a_new_page_is_not_ill_for_waiting_until_its_window_opens() -> None:
    friday, monday = EVENING + timedelta(days=4), MORNING + timedelta(days=6)
    with open_store(Path(":memory:")) as store:
        with store.transaction() as tx:
            page = tx.put_page(PageDraft("https://a.cn/1", scheduled=True, schedule=OFFICE), friday)
        assert ticks(store, friday, 1) == [[]]
        assert [row.next_due for row in store.reading().pages()] == [monday]
        assert store.reading().turned_stale(monday + timedelta(hours=23), 9) == []
        assert store.reading().turned_stale(monday + timedelta(days=1), 9) == [page]


def test_a_page_that_came_into_the_configuration_since_is_not_fetched_without_its_settings_and_that_is_told() -> None:
    said: list[str] = []

    async def play(store: Store) -> None:
        app = App(Settings(path="govwatch.toml", targets=(Target("known", "https://a.cn/1"),)), Path(), lambda: EVENING)
        daemon = Checking(app, store, lambda checked: said.append(checked.verdict.reason), lambda kind, what: None)
        assert [plan.url for plan in await daemon.due(100, ())] == ["https://a.cn/1", "https://a.cn/3"]
        assert await daemon.due(100, (1, 3)) == []

    with open_store(Path(":memory:")) as store:
        with store.transaction() as tx:
            for number, origin in ((1, "config"), (2, "config"), (3, "command")):
                tx.put_page(PageDraft(f"https://a.cn/{number}", origin=origin, scheduled=True), EVENING)
        asyncio.run(play(store))
        assert said == [
            "settings: the daemon was started before this page came into govwatch.toml; start it again",
        ]
        assert [page.next_due for page in store.reading().pages()] == [EVENING, EVENING + timedelta(days=1), EVENING]


def test_pages_claimed_before_their_host_asked_to_wait_are_given_up() -> None:
    async def play(store: Store) -> None:
        app = App(Settings(), Path(":memory:"), lambda: EVENING)
        daemon = Checking(app, store, lambda checked: None, lambda kind, said: None)
        taken = [plan.page for plan in await daemon.due(100, ())]
        assert await daemon.given_up(taken) == []
        with store.transaction() as tx:
            tx.put_host("a.cn", HostState(1, EVENING + timedelta(minutes=5), "status 429", EVENING))
        assert await daemon.given_up(taken) == [1, 3]
        # Until they have ended they are under way, and then they wait for their host.
        assert await daemon.due(100, taken) == []
        assert await daemon.due(100, [2]) == []
        assert await daemon.given_up([2]) == []

    with open_store(Path(":memory:")) as store:
        with store.transaction() as tx:
            for url in ("https://a.cn/1", "https://b.cn/1", "https://a.cn/2"):
                tx.put_page(PageDraft(url, scheduled=True, schedule="every 60"), EVENING)
        asyncio.run(play(store))


def test_a_claim_from_a_damaged_database_is_an_error_and_not_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(Path(":memory:")) as store:
        daemon = Checking(App(Settings(), Path(":memory:")), store, lambda checked: None, lambda kind, said: None)

        def damaged() -> None:
            raise StorageError("the file is damaged")

        monkeypatch.setattr(store, "reading", damaged)
        with pytest.raises(StorageError, match="damaged"):
            asyncio.run(daemon.due(9, ()))
