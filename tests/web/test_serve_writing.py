"""What the live application writes: pages added, paused, resumed, checked, changes marked; and all that may not write."""

import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from fakes.archive import FRESH, NOW, SCHOOL, VILLAGE, build
from fakes.reading import Answered, Reading, reading
from starlette.requests import Request

from storage.overview import open_overview
from storage.rows import PageDraft, PageRow
from storage.write import open_store
from web.safety import LOOPBACK, Guard
from web.writing import writing_routes

TOKEN = "a-token-of-many-letters"
WRITES = sorted(
    re.sub(r"\{page:int\}", str(VILLAGE), route.path) for route in writing_routes() if "add" not in route.path
)
FORM = {"url": "https://www.sc.gov.cn/new.shtml", "every": "6h", "name": "new", "labels": "校车，my edu, my edu,"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    build(tmp_path / "a.db")
    return tmp_path / "a.db"


@pytest.fixture
def live(file: Path) -> Iterator[Reading]:
    with reading(file) as live:
        yield live


def post(live: Reading, path: str, values: object = (), **headers: str) -> Answered:
    origin = {"origin": live.address, "sec_fetch_site": "same-origin"}
    return live.ask(path, "POST", urlencode(values, doseq=True).encode(), **(headers or origin))


def kept(file: Path) -> list[list[tuple[object, ...]]]:
    connection = sqlite3.connect(file)
    try:
        return [connection.execute(f"select * from {table}").fetchall() for table in ("page", "seen_mark")]
    finally:
        connection.close()


def page(file: Path, number: int) -> PageRow:
    with open_overview(file) as reader:
        found = reader.page(number)
    assert found
    return found


def configure(file: Path) -> None:
    with open_store(file) as store, store.transaction() as tx:
        draft = PageDraft("https://www.sc.gov.cn/c.shtml", origin="config", scheduled=True, schedule="every 60")
        tx.put_page(draft, NOW)


DENIED = {
    "neither header": ({}, 403),
    "another site": ({"sec_fetch_site": "cross-site", "origin": "https://evil.test"}, 403),
    "another site, followed like a link": (
        {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"},
        403,
    ),
    "another port": ({"sec_fetch_site": "same-site", "origin": "http://127.0.0.1:1"}, 403),
    "typed by the user": ({"sec_fetch_site": "none"}, 403),
    "an old browser on another site": ({"origin": "https://evil.test"}, 403),
    "a sandboxed frame": ({"origin": "null"}, 403),
    "a sandboxed frame of ours": ({"origin": "null", "sec_fetch_site": "same-origin"}, 403),
    "no origin at all": ({"origin": ""}, 403),
    "an origin without a scheme": ({"origin": "{host}"}, 403),
    "an origin of another scheme": ({"origin": "ftp://{host}"}, 403),
    "an origin that only begins like ours": ({"origin": "http://{host}.evil.test"}, 403),
    "an origin that contradicts": ({"origin": "https://evil.test", "sec_fetch_site": "same-origin"}, 403),
    "another host": ({"host": "evil.test", "origin": "http://evil.test", "sec_fetch_site": "same-origin"}, 421),
}


@pytest.mark.parametrize("path", [*WRITES, "/add"])
def test_what_does_not_come_from_a_form_of_ours_writes_nothing(file: Path, live: Reading, path: str) -> None:
    before = kept(file)
    host = live.address.removeprefix("http://")
    values = {**FORM, "change": 1, "up_to": 6, "token": TOKEN}
    for name, (headers, status) in DENIED.items():
        named = {header: value.format(host=host) for header, value in headers.items()}
        answer = live.ask(path, "POST", urlencode(values).encode(), **named)
        assert answer.status == status, name
    assert kept(file) == before


@pytest.mark.parametrize(
    "twice",
    [
        [(b"origin", b"http://127.0.0.1"), (b"origin", b"https://evil.test")],
        [(b"sec-fetch-site", b"same-origin"), (b"sec-fetch-site", b"cross-site")],
    ],
)
def test_a_header_that_comes_twice_must_be_ours_both_times(twice: list[tuple[bytes, bytes]]) -> None:
    scope = {"type": "http", "method": "POST", "path": "/seen", "query_string": b"", "server": ("127.0.0.1", 80)}
    for headers, status in (([twice[0], twice[0]], None), (twice, 403), (twice[::-1], 403)):
        refusal = Guard().refusal(Request({**scope, "headers": [(b"host", b"127.0.0.1"), *headers]}))
        assert (refusal and refusal.status) == status


@pytest.mark.parametrize("path", [*WRITES, "/add"])
def test_without_the_token_nothing_is_written(file: Path, path: str) -> None:
    before = kept(file)
    with reading(file, Guard(LOOPBACK, TOKEN)) as guarded:
        for shown in ({}, {"authorization": "Bearer wrong"}, {"cookie": "govwatch=wrong"}):
            headers = {"sec_fetch_site": "same-origin", **shown}
            assert guarded.ask(path, "POST", urlencode({**FORM, "change": 1}).encode(), **headers).status == 401
    assert kept(file) == before


@pytest.mark.parametrize("path", [path for path in WRITES if path != "/login"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_no_other_method_writes(file: Path, live: Reading, path: str, method: str) -> None:
    before = kept(file)
    assert live.ask(f"{path}?change=1&up_to=6", method, sec_fetch_site="same-origin").status == 405
    assert kept(file) == before


@pytest.mark.parametrize("headers", [{"origin": "{address}"}, {"sec_fetch_site": "same-origin"}])
def test_either_header_suffices(file: Path, live: Reading, headers: dict[str, str]) -> None:
    named = {name: value.format(address=live.address) for name, value in headers.items()}
    assert post(live, "/seen", {"change": 1}, **named).status == 303


def test_with_the_token_a_page_is_paused(file: Path) -> None:
    with reading(file, Guard(LOOPBACK, TOKEN)) as guarded:
        headers = {"authorization": f"Bearer {TOKEN}", "origin": guarded.address}
        assert post(guarded, f"/pages/{VILLAGE}/pause", **headers).status == 303
    assert page(file, VILLAGE).status == "paused"


def test_a_page_is_added_and_due_at_once(file: Path, live: Reading) -> None:
    answer = post(live, "/add", FORM)
    assert (answer.status, answer.headers["location"]) == (303, "/pages/5")
    added = page(file, 5)
    assert (added.url, added.name, added.labels) == (FORM["url"], "new", ("校车", "my edu"))
    assert (added.schedule, added.origin, added.next_due) == ("every 21600", "command", NOW)
    with open_store(file) as store:
        assert 5 in [row.id for row in store.reading().claim(NOW, 10, [])]
    shown = live.ask("/pages/5").text
    assert "checked every 6h" in shown
    assert "每 6 小时检查一次" in shown


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "the address is empty"),
        ({"url": "javascript:alert(1)"}, "has no http:// or https:// in front"),
        ({"url": "http://a b/"}, "has white space inside"),
        ({"url": "ftp://a.cn/"}, "cannot be fetched"),
        ({"url": "https://www.sc.gov.cn/village.shtml"}, "is watched already"),
        ({"url": "https://a.cn/", "every": "1s"}, "is too short"),
        ({"url": "https://a.cn/", "every": "often"}, "is not a duration"),
        ({"url": "https://a.cn/", "name": "12"}, "is a number"),
        ({"url": "https://a.cn/", "name": "school bus"}, "is taken"),
        ({"url": "https://a.cn/c.shtml", "name": '"><script>'}, None),
    ],
)
def test_what_is_wrong_is_told_in_the_form_with_what_was_typed(
    file: Path, live: Reading, values: dict[str, str], said: str | None
) -> None:
    before = kept(file)
    answer = post(live, "/add", values)
    if said is None:
        assert answer.status == 303
        assert "<script>" not in live.ask("/pages/5").text
        return
    assert (answer.status, said in answer.text) == (400, True)
    assert all(value in answer.text for value in values.values() if value != "often")
    assert kept(file) == before


def test_a_page_that_was_crawled_once_is_watched_from_now_on(file: Path, live: Reading) -> None:
    assert post(live, "/add", {"url": "https://www.sc.gov.cn/school.shtml"}).headers["location"] == f"/pages/{SCHOOL}"
    assert page(file, SCHOOL).schedule == "every 86400"


def test_a_page_is_paused_resumed_and_checked_now(file: Path, live: Reading) -> None:
    assert "Pause" in live.ask(f"/pages/{VILLAGE}").text
    assert post(live, f"/pages/{VILLAGE}/pause").headers["location"] == f"/pages/{VILLAGE}"
    shown = live.ask(f"/pages/{VILLAGE}").text
    assert ("Resume" in shown, "Check now" in shown, "已暂停" in shown) == (True, False, True)
    refused = post(live, f"/pages/{VILLAGE}/check")
    assert (refused.status, "is paused" in refused.text) == (400, True)
    post(live, f"/pages/{VILLAGE}/resume")
    assert page(file, VILLAGE).next_due != NOW
    assert post(live, f"/pages/{VILLAGE}/check").status == 303
    assert (page(file, VILLAGE).status, page(file, VILLAGE).next_due) == ("active", NOW)


def test_a_page_without_a_schedule_or_that_is_not_there_is_not_checked(file: Path, live: Reading) -> None:
    before = kept(file)
    assert "has no schedule" in post(live, f"/pages/{SCHOOL}/check").text
    assert [post(live, f"/pages/99/{action}").status for action in ("check", "pause", "resume")] == [404] * 3
    assert kept(file) == before


def test_a_removed_page_is_neither_paused_nor_checked_but_resumed(file: Path, live: Reading) -> None:
    with open_store(file) as store, store.transaction() as tx:
        tx.set_status(FRESH, "retired")
    assert [post(live, f"/pages/{FRESH}/{action}").status for action in ("check", "pause")] == [400] * 2
    assert post(live, f"/pages/{FRESH}/resume").status == 303
    assert page(file, FRESH).status == "active"


def test_a_page_of_the_configuration_is_shown_as_such_and_only_checked(file: Path, live: Reading) -> None:
    configure(file)
    shown = live.ask("/pages/5").text
    assert "belongs to the configuration file" in shown
    assert ("/pages/5/check" in shown, "/pages/5/pause" in shown) == (True, False)
    before = kept(file)
    for action in ("pause", "resume"):
        refused = post(live, f"/pages/5/{action}")
        assert (refused.status, "change it there" in refused.text) == (400, True)
    assert post(live, "/add", {"url": "https://www.sc.gov.cn/c.shtml"}).status == 400
    assert kept(file) == before
    assert post(live, "/pages/5/check").status == 303


def test_changes_are_marked_as_seen_and_as_not_seen(live: Reading) -> None:
    assert '<b>6</b> <a href="/changes?seen=no">' in live.ask("/").text
    answer = post(live, "/seen", {"change": [1, 3, 99], "next": "/changes?seen=no"})
    assert (answer.status, answer.headers["location"]) == (303, "/changes?seen=no")
    assert listed(live, "?seen=no") == [6, 5, 4, 2]
    assert listed(live, "?seen=no&field=editor") == [6]
    assert '"seen": true' in live.ask("/api/changes/3").text
    post(live, "/seen", {"up_to": 5})
    assert listed(live, "?seen=no") == [6]
    post(live, "/unseen", {"change": 2})
    assert listed(live, "?seen=no") == [6, 2]
    assert "Mark as not seen" in live.ask("/changes/1").text
    assert "Mark as seen" in live.ask("/changes/2").text
    assert listed(live, "") == [6, 5, 4, 3, 2, 1]


def test_all_are_marked_as_seen_only_where_none_is_left_out(live: Reading) -> None:
    for choice in ("/", "/changes", "/changes?seen=no", "/changes?before=5"):
        assert 'name="up_to" value="6"' in live.ask(choice).text
    for choice in ("field=editor", "kind=changed&seen=no", "until=2100-01-01"):
        shown = live.ask(f"/changes?{choice}").text
        assert "Mark these as seen" in shown
        assert "up_to" not in shown


def listed(live: Reading, choice: str) -> list[int]:
    return [
        int(number) for number in re.findall(r'<h3>.*?<a href="/changes/(\d+)"', live.ask(f"/changes{choice}").text)
    ]


@pytest.mark.parametrize("values", [{"change": "x"}, {"change": "-1"}, {"up_to": "1" * 30}, {"change": "²"}])
def test_a_mark_of_what_is_no_change_is_refused(file: Path, live: Reading, values: dict[str, str]) -> None:
    before = kept(file)
    assert post(live, "/seen", values).status == 400
    assert kept(file) == before


@pytest.mark.parametrize("place", ["//evil.test", "/\\evil.test", "https://evil.test", "/\r\nx: y", ""])
def test_a_mark_leads_to_no_other_site(live: Reading, place: str) -> None:
    answer = post(live, "/seen", {"change": 1, "next": place})
    assert (answer.headers["location"], "x" in answer.headers) == ("/", False)


def test_a_form_that_is_too_much_is_refused(file: Path, live: Reading) -> None:
    before = kept(file)
    assert post(live, "/add", {"url": f"https://a.cn/{'a' * 20_000}"}).status == 400
    assert post(live, "/seen", {"change": ["1"] * 600}).status == 400
    assert kept(file) == before


def test_a_busy_database_is_told_and_readers_go_on(file: Path, live: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.database.BUSY_S", 0.1)
    with open_store(file) as store, store.transaction():
        answer = post(live, f"/pages/{VILLAGE}/pause", accept="text/html", sec_fetch_site="same-origin")
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert "The database is busy" in answer.text
        assert str(file.parent) not in answer.text
        assert live.ask(f"/pages/{VILLAGE}").status == 200
    assert post(live, f"/pages/{VILLAGE}/pause").status == 303


def test_who_waits_too_long_behind_others_is_told_so(
    file: Path, live: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.BUSY_S", 1)
    monkeypatch.setattr("web.writing._PATIENCE_S", 0.1)
    with open_store(file) as store, store.transaction(), ThreadPoolExecutor(8) as readers:
        answers = list(readers.map(lambda _: post(live, "/seen", {"change": 1}).status, range(8)))
    assert answers == [503] * 8
    assert post(live, "/seen", {"change": 1}).status == 303


def test_a_database_that_is_gone_is_not_made_anew(file: Path, live: Reading) -> None:
    for part in file.parent.glob("a.db*"):
        part.unlink()
    assert post(live, "/add", FORM).status == 503
    assert not file.exists()
    assert live.ask("/").status == 503
