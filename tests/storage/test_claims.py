"""Whose turn it is: due pages are claimed fairly by host, and a host in back-off delays only its own."""

import sqlite3
from collections import Counter
from datetime import timedelta
from pathlib import Path

from fakes.checks import DAY, T0
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from core.hosts import HostState
from storage.claims import MOST_OF_A_HOST
from storage.database import connect_reader
from storage.rows import PageDraft, PageRow
from storage.write import Store, Transaction, open_store

HOUR = timedelta(hours=1)
NOW = T0 + DAY
DRAFT = PageDraft("", scheduled=True, schedule="every 3600")


def put(tx: Transaction, url: str, after: timedelta = timedelta(0), priority: int = 1) -> int:
    """Put a page that is due so long after T0."""
    page = tx.put_page(replace(DRAFT, url=f"https://{url}", priority=priority), T0)
    tx.set_next_due(page, T0 + after)
    return page


def claimed(tx: Transaction, most: int = 100, under_way: list[PageRow] | None = None) -> list[str]:
    return [page.url.removeprefix("https://") for page in tx.claim(NOW, most, under_way or [])]


def test_pages_are_claimed_longest_due_first_and_never_the_paused_retired_or_unscheduled(store: Store) -> None:
    with store.transaction() as tx:
        for name, after in (("c", 3), ("a", 1), ("b", 2), ("later", 25)):
            put(tx, f"{name}.cn/", after * HOUR)
        for name in ("paused", "retired"):
            tx.set_status(put(tx, f"{name}.cn/"), name)
        tx.set_next_due(put(tx, "never.cn/"), None)
        tx.put_page(PageDraft("https://once.cn/"), T0)
        assert claimed(tx) == ["a.cn/", "b.cn/", "c.cn/"]
        assert claimed(tx, 2) == ["a.cn/", "b.cn/"]
        assert claimed(tx, 0) == []
        assert tx.claim(T0 + HOUR - timedelta(microseconds=1), 9, []) == []
        assert tx.watched() == 5
        assert [page.url for page in tx.next_pages(2)] == ["https://never.cn/", "https://a.cn/"]


def test_a_page_that_is_due_again_under_every_change_is_claimed(store: Store) -> None:
    with store.transaction() as tx:
        page = put(tx, "a.cn/", 2 * DAY)
        assert claimed(tx) == []
        tx.set_next_due(page, T0)
        tx.set_status(page, "paused")
        assert claimed(tx) == []
        tx.set_status(page, "active")
        assert claimed(tx) == ["a.cn/"]
        tx.put_page(PageDraft("https://a.cn/"), NOW)
        assert claimed(tx) == []
        tx.put_page(replace(DRAFT, url="https://a.cn/"), NOW)
        assert claimed(tx) == ["a.cn/"]


def test_a_slow_host_cannot_fill_all_places(store: Store) -> None:
    with store.transaction() as tx:
        for number in range(50):
            put(tx, f"slow.cn/{number}")
        put(tx, "quick.cn/", 20 * HOUR)
        first = tx.claim(NOW, 100, [])
        assert Counter(page.host for page in first) == {"slow.cn": MOST_OF_A_HOST, "quick.cn": 1}
        assert first[1].host == "quick.cn"
        assert claimed(tx, 100, first) == []
        assert len(claimed(tx, 3)) == 3


def test_hosts_take_turns_and_one_under_way_waits_for_the_others(store: Store) -> None:
    with store.transaction() as tx:
        for host in "abc":
            for number in range(3):
                put(tx, f"{host}.cn/{number}", timedelta(minutes=number + 10 * "abc".index(host)))
        assert claimed(tx, 7) == ["a.cn/0", "b.cn/0", "c.cn/0", "a.cn/1", "b.cn/1", "c.cn/1", "a.cn/2"]
        under_way = [page for page in tx.claim(NOW, 9, []) if page.host == "a.cn"]
        assert claimed(tx, 3, under_way[:2]) == ["b.cn/0", "c.cn/0", "b.cn/1"]
        assert claimed(tx, 9, under_way) == [f"{host}.cn/{number}" for number in range(3) for host in "bc"]


def test_within_a_host_the_higher_priority_goes_first(store: Store) -> None:
    with store.transaction() as tx:
        for name, priority, after in (("low", 2, 0), ("usual", 1, 1), ("high", 0, 3), ("higher", 0, 2)):
            put(tx, f"a.cn/{name}", after * HOUR, priority)
        put(tx, "a.cn/high-later", 2 * DAY, 0)
        assert claimed(tx) == ["a.cn/higher", "a.cn/high", "a.cn/usual", "a.cn/low"]


def test_a_host_in_back_off_delays_only_its_own_pages_and_none_is_lost(store: Store) -> None:
    with store.transaction() as tx:
        for number in range(3):
            put(tx, f"down.cn/{number}")
        put(tx, "up.cn/")
        tx.put_host("down.cn", HostState(3, NOW + HOUR, "timeout: no answer", NOW))
        assert claimed(tx) == ["up.cn/"]
        # Then one page is tried, and no second one beside it.
        first = tx.claim(NOW + HOUR, 9, [])
        assert [page.url for page in first] == ["https://up.cn/", "https://down.cn/0"]
        assert tx.claim(NOW + HOUR, 9, first) == []
        tx.put_host("down.cn", HostState())
        assert len(tx.claim(NOW + HOUR, 9, first)) == 2


def test_it_is_known_which_hosts_are_in_back_off(store: Store) -> None:
    with store.transaction() as tx:
        for host in ("down.cn", "back.cn", "up.cn"):
            put(tx, f"{host}/")
        tx.put_host("down.cn", HostState(1, NOW + HOUR, "status 429", NOW))
        tx.put_host("back.cn", HostState(3, NOW, "status 503", NOW))
        assert tx.resting({"down.cn", "back.cn", "up.cn"}, NOW) == {"down.cn"}
        assert tx.resting(set(), NOW) == set()


def test_how_a_host_does_is_kept(store: Store) -> None:
    state = HostState(4, NOW, "dns: no such host", T0)
    with store.transaction() as tx:
        page = put(tx, "A.cn:8080/")
        assert tx.before_check(page).host == HostState()
        tx.put_host("a.cn:8080", state)
        assert tx.before_check(page).host == state


def test_a_configuration_read_again_as_it_was_writes_nothing(store: Store) -> None:
    with store.transaction() as tx:
        put(tx, "a.cn/")
        before = tx._connection.total_changes
        tx.put_page(replace(DRAFT, url="https://a.cn/"), NOW)
        assert tx._connection.total_changes == before


def test_all_pages_can_be_gone_through_a_few_at_a_time(store: Store) -> None:
    with store.transaction() as tx:
        for number in range(5):
            put(tx, f"a.cn/{number}")
        found, last = [], 0
        while pages := tx.pages_after(last, 2):
            found.append([page.id for page in pages])
            last = pages[-1].id
        assert found == [[1, 2], [3, 4], [5]]


HOSTS = st.sampled_from(["a.cn", "b.cn", "c.cn"])
STEPS = st.lists(
    st.tuples(HOSTS, st.integers(0, 3), st.sampled_from(["put", "due", "late", "none", "paused", "active"])),
    max_size=30,
)


@settings(deadline=None, max_examples=60)
@given(STEPS)
def test_a_host_is_due_when_the_first_of_its_pages_is_whatever_was_written(
    steps: list[tuple[str, int, str]],
) -> None:
    """Against the plain definition, over all pages."""
    with open_store(Path(":memory:")) as store, store.transaction() as tx:
        for host, number, act in steps:
            page = tx.put_page(replace(DRAFT, url=f"https://{host}/{number}", priority=number % 3), T0)
            if act in ("due", "late"):
                tx.set_next_due(page, T0 + number * HOUR + (2 * DAY if act == "late" else timedelta(0)))
            elif act == "none":
                tx.set_next_due(page, None)
            elif act != "put":
                tx.set_status(page, act)
        kept = tx._rows("select name, due_at from host order by name")
        plain = tx._rows(
            """select host, min(case when status = 'active' and scheduled = 1 then next_due end) from page
            group by host order by host"""
        )
        assert [tuple(row) for row in kept] == [tuple(row) for row in plain]
        due = {page.id for page in tx.pages(("active",)) if page.next_due and page.next_due <= NOW}
        assert {page.id for page in tx.claim(NOW, 100, [])} == due


def test_a_claim_looks_up_and_never_scans(file: Path) -> None:
    with open_store(file) as store, store.transaction() as tx:
        put(tx, "a.cn/")
    connection = connect_reader(file)
    from storage.claims import _FIRST_OF_HOST, _OPEN_HOSTS

    for sql, values in ((_OPEN_HOSTS, ("", 1)), (_FIRST_OF_HOST, ("a.cn", "", 8))):
        plan = [row[3] for row in connection.execute(f"explain query plan {sql}", values)]
        assert [step for step in plan if "page" in step or "host" in step]
        assert not [step for step in plan if step.startswith(("SCAN page", "SCAN host"))], plan
        assert not [step for step in plan if "TEMP B-TREE" in step], plan
    connection.close()


def test_tables_of_the_first_version_are_brought_up_to_date(file: Path) -> None:
    """Pages, schedules and history stay, and what was due is due."""
    from storage.schema import _V1

    old = sqlite3.connect(file, isolation_level=None)
    for statement in _V1:
        old.execute(statement)
    old.execute("create table _sqlite_migrations (migration_set text, name text, applied_at text)")
    old.execute("insert into _sqlite_migrations values ('govwatch', 'first_tables', '2026-01-01')")
    sql = """insert into page (url, name, origin, status, scheduled, profile, schedule, labels, watch, next_due, added_at)
        values (?, '', 'command', ?, 1, '', 'every 3600', '[]', '["body"]', ?, '2026-01-01T00:00:00.000000Z')"""
    for number, status, due in ((1, "active", 3), (2, "active", 1), (3, "paused", 0)):
        old.execute(sql, (f"http://A.cn/{number}", status, f"2026-01-01T0{due}:00:00.000000Z"))
    old.close()
    with open_store(file) as store, store.transaction() as tx:
        assert [(page.url, page.host, page.priority) for page in tx.claim(NOW, 9, [])] == [
            ("http://A.cn/2", "a.cn", 1),
            ("http://A.cn/1", "a.cn", 1),
        ]
        (host,) = tx._rows("select * from host")
        assert (host["name"], host["due_at"]) == ("a.cn", "2026-01-01T01:00:00.000000Z")
