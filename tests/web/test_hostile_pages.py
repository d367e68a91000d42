"""What hostile pages say, through every place of the static site, in a real browser: nothing runs, nothing calls home."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fakes.archive import NOW
from fakes.browser import Visit, visit
from fakes.checks import T0, keep, see
from fakes.payloads import ADDRESSES, HEARING, HOME, PAYLOADS

from core.model import Attachment, FailureKind, FetchFailure, NormalText
from storage.overview import open_overview
from storage.rows import PageDraft
from storage.write import open_store
from web.site import write_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def hostile_text(number: int, payload: str) -> NormalText:
    files = tuple(Attachment(payload, address + payload) for address in (ADDRESSES[number % len(ADDRESSES)], ""))
    return NormalText(
        payload, payload, payload, payload, ("一段没有变的话。", payload, f"一段话，{payload}，后文。"), files
    )


PLAIN = NormalText("标题", "2026-01-01", "来源", "编辑", ("一段没有变的话。", "旧的一段。", "一段话，后文。"), ())


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site where each payload is a page's title, date, source, editor, body, attachment, address, name, label, error."""
    folder = tmp_path_factory.mktemp("hostile")
    with open_store(folder / "a.db") as store, store.transaction() as tx:
        for number, payload in enumerate(PAYLOADS):
            url = f"{ADDRESSES[number % len(ADDRESSES)]}{payload}#{number}"
            page = tx.put_page(PageDraft(url, name=payload, labels=(payload,)), T0)
            see(tx, page, PLAIN, T0)
            see(tx, page, hostile_text(number, payload), NOW)
            failure = FetchFailure(url, FailureKind.TLS, payload, NOW, NOW)
            keep(tx, page, failure, None, NOW.replace(hour=1))
    with open_overview(folder / "a.db") as reader:
        write_site(reader, folder / "site", NOW)
    return folder / "site"


@pytest.fixture
def unguarded(browser: "Browser") -> Iterator[Visit]:
    """A tab that does not obey the policy of a page: what is not escaped runs."""
    with visit(browser, bypass_csp=True) as tab:
        tab.page.add_init_script(HEARING)
        yield tab


FOUND = """() => [
    window.fired,
    [...document.querySelectorAll("*")].flatMap((one) => one.getAttributeNames().filter((name) => /^on|^style$/.test(name))),
    [...document.links].map((one) => one.protocol).filter((one) => !["http:", "https:", "file:"].includes(one)),
]"""
"""What ran, the handlers and styles that stand in the page, and the links to anything but files and sites."""


def calls(tab: Visit) -> list[str]:
    """What was asked for that is no file, and what was shown to the user."""
    return [address for address in tab.requests if not address.startswith("file:///")] + tab.dialogs


def test_there_are_over_200_payloads_and_most_of_them_work_where_nothing_is_escaped(
    unguarded: Visit, tmp_path: Path
) -> None:
    assert len(set(PAYLOADS)) >= 200
    ran = 0
    for number, payload in enumerate(PAYLOADS[:120]):
        file = tmp_path / f"{number}.html"
        file.write_text(f"<!DOCTYPE html><p>{payload}</p>", encoding="utf-8")
        unguarded.page.goto(file.as_uri())
        ran += unguarded.page.evaluate("window.fired") > 0
    assert ran >= 60
    unguarded.page.set_content(PAYLOADS[-10])
    assert [address for address in calls(unguarded) if HOME in address]


def test_no_payload_runs_or_calls_home_in_any_view(unguarded: Visit, hostile_site: Path) -> None:
    files = sorted(hostile_site.glob("*.html"))
    assert len(files) == 2 * len(PAYLOADS) + 3
    for file in files:
        # Two versions are compared by a script, which puts their texts into the page once more.
        place = "#compare-1-2" if file.name.startswith("page-") else ""
        unguarded.page.goto(file.as_uri() + place)
        assert unguarded.page.evaluate(FOUND) == [0, [], []], file.name
    assert calls(unguarded) == []


@pytest.mark.parametrize("words", ["x", "fire", "script", '"', "<", "evil.test", "javascript:", "一段话"])
def test_no_payload_runs_in_what_the_search_finds(unguarded: Visit, hostile_site: Path, words: str) -> None:
    unguarded.page.goto((hostile_site / "search.html").as_uri())
    unguarded.page.get_by_role("searchbox").fill(words)
    unguarded.page.locator("#results mark").first.wait_for()
    assert unguarded.page.evaluate(FOUND) == [0, [], []]
    assert calls(unguarded) == []
