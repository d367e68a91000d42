"""The live application in a real browser: a walk through it, the login, search, choice, accessibility, pictures kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from fakes.archive import build
from fakes.browser import Visit, visit
from fakes.checks import DAY, T0, see
from fakes.payloads import HEARING, PAYLOADS
from fakes.reading import Reading, reading

from core.model import Attachment, NormalText
from storage.overview import open_overview
from storage.rows import PageDraft
from storage.write import open_store
from web.safety import LOOPBACK, Guard

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TOKEN = "0123456789abcdef"
VIEWS = (
    "/",
    "/pages",
    "/pages/1",
    "/changes",
    "/changes/2",
    "/search?q=扶贫",
    "/pages/1/compare?from=1&to=3",
    "/pages/2",
    "/pages?q=扶贫",
    "/add",
    "/pages/99",
    "/login",
)


@pytest.fixture(scope="module")
def live(archive: Path) -> Iterator[Reading]:
    with reading(archive) as live:
        yield live


@pytest.fixture
def tab(browser: "Browser", live: Reading) -> Iterator[Visit]:
    with visit(browser, locale="en-GB", base_url=live.address) as tab:
        yield tab
    assert tab.console == []
    assert all(address.startswith(live.address) for address in tab.requests)


def test_from_overview_to_change_to_page_to_comparison(tab: Visit) -> None:
    tab.page.goto("/")
    tab.page.locator("li.told", has_text="白婉苹 -> 贺茜").get_by_role("link", name="云岭县").click()
    assert tab.page.locator("del").first.inner_text() == "白婉苹"
    tab.page.get_by_role("link", name="compare versions").click()
    assert "/compare?from=1&to=2" in tab.page.url
    assert tab.page.locator("ins").first.inner_text() == "贺茜"
    tab.page.get_by_role("link", name="the whole life of this page").click()
    tab.page.get_by_label("Compare version").select_option("1")
    tab.page.get_by_label("with version").select_option("3")
    tab.page.get_by_role("button", name="Compare").click()
    tab.page.wait_for_url("**/compare?from=1&to=3")
    assert tab.page.locator(".inline del").all_inner_texts() == ["白婉苹", "36辆"]


@pytest.mark.parametrize(("words", "pages"), [("扶贫", 1), ("贺茜", 1), ("白婉苹", 1)])
def test_search_finds_words_of_two_characters(tab: Visit, words: str, pages: int) -> None:
    tab.page.goto("/search")
    tab.page.get_by_role("searchbox").fill(words)
    tab.page.get_by_role("button", name="Search").click()
    expect(tab.page.get_by_role("status")).to_have_text(f"pages found: {pages}", use_inner_text=True)
    assert tab.page.locator("#results mark").all_inner_texts()[:1] == [words][:pages]


def test_changes_are_chosen_by_a_form_and_followed_by_a_feed(tab: Visit) -> None:
    tab.page.goto("/")
    tab.page.get_by_role("link", name="Changes", exact=True).click()
    tab.page.get_by_label("Field").select_option("editor")
    tab.page.get_by_label("Kind").select_option("reverted")
    tab.page.get_by_role("button", name="Show").click()
    expect(tab.page.locator("li.told h3")).to_have_count(1)
    assert "field=editor" in (tab.page.get_by_role("link", name="Atom").get_attribute("href") or "")
    tab.page.get_by_role("button", name="中文").click()
    tab.page.get_by_role("heading", name="变更", level=1).wait_for(state="visible")


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_the_token_opens_the_view_that_was_asked_for(browser: "Browser", archive: Path, name: str) -> None:
    with reading(archive, Guard(LOOPBACK, TOKEN)) as guarded, visit(browser, locale="en-GB") as tab:
        tab.page.goto(f"http://{name}:{guarded.port}/changes/1")
        tab.page.get_by_label("Token").fill("wrong")
        tab.page.get_by_role("button", name="Log in").click()
        expect(tab.page.get_by_role("alert")).to_contain_text("This is not the token.")
        tab.page.goto(f"http://{name}:{guarded.port}/changes/1")
        tab.page.get_by_label("Token").fill(TOKEN)
        tab.page.get_by_role("button", name="Log in").click()
        assert tab.page.locator("del").first.inner_text() == "白婉苹"
        assert tab.page.evaluate("document.cookie") == ""


@pytest.fixture
def own(browser: "Browser", tmp_path: Path) -> Iterator[Visit]:
    """A tab on a database of its own, which may be written to; `no-cors` requests and referrers of other sites apart."""
    build(tmp_path / "a.db")
    with reading(tmp_path / "a.db") as live, visit(browser, locale="en-GB", base_url=live.address) as tab:
        yield tab
        assert tab.console == []


def test_a_page_is_added_paused_and_checked_with_the_keyboard_alone(own: Visit) -> None:
    own.page.goto("/pages")
    own.page.get_by_role("link", name="Watch a page").focus()
    own.page.keyboard.press("Enter")
    own.page.get_by_label("Address").focus()
    for words in ("https://www.sc.gov.cn/new.shtml", "", "新页", "校车"):
        own.page.keyboard.type(words)
        own.page.keyboard.press("Tab")
    own.page.keyboard.press("Enter")
    expect(own.page.get_by_role("heading", level=1)).to_have_text("新页")
    expect(own.page.locator("main")).to_contain_text("checked every 1d")
    own.page.get_by_role("button", name="Pause").press("Enter")
    expect(own.page.locator("main")).to_contain_text("paused")
    own.page.get_by_role("button", name="Resume").press("Enter")
    own.page.get_by_role("button", name="Check now").press("Enter")
    expect(own.page.locator("main")).to_contain_text("due now")


def test_what_was_typed_wrongly_is_told_and_kept(own: Visit) -> None:
    own.page.goto("/add")
    own.page.get_by_label("Address").fill("https://www.sc.gov.cn/village.shtml")
    own.page.get_by_label("Labels").fill("校车")
    own.page.get_by_role("button", name="Watch a page").click()
    expect(own.page.get_by_role("alert")).to_contain_text("is watched already")
    assert own.page.get_by_label("Labels").input_value() == "校车"
    own.console.clear()  # Chromium tells every answer of 400 there.


def test_changes_are_marked_as_seen_and_only_the_others_listed(own: Visit) -> None:
    own.page.goto("/changes/6")
    own.page.get_by_role("button", name="Mark as seen").click()
    expect(own.page.get_by_role("button", name="Mark as not seen")).to_be_visible()
    own.page.get_by_role("link", name="Changes", exact=True).click()
    own.page.get_by_label("Not seen only").check()
    own.page.get_by_role("button", name="Show").click()
    expect(own.page.locator("li.told")).to_have_count(5)
    own.page.get_by_role("button", name="Mark these as seen").click()
    expect(own.page.locator("main")).to_contain_text("No change fits.")
    own.page.get_by_role("link", name="Overview").first.click()
    expect(own.page.locator(".figure").first).to_have_text("0 not seen yet", use_inner_text=True)


def test_a_form_of_another_site_writes_nothing(browser: "Browser", tmp_path: Path) -> None:
    build(tmp_path / "a.db")
    form = (
        '<form method="post" action="{}/pages/2/pause" enctype="{}"><input name="change" value="1"></form>'
        "<script>document.forms[0].submit()</script>"
    )
    with reading(tmp_path / "a.db") as live, visit(browser) as tab:
        for name in ("127.0.0.1", "localhost"):
            for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data"):
                tab.page.set_content("")
                with tab.page.expect_response("**/pause") as answered:
                    tab.page.goto("data:text/html," + quote(form.format(f"http://{name}:{live.port}", kind)))
                assert answered.value.status == 403
        with open_overview(tmp_path / "a.db") as reader:
            assert [page.status for page in reader.pages()] == ["active"] * 4


def test_no_payload_that_is_typed_into_a_form_runs(browser: "Browser", tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db"):
        pass
    with reading(tmp_path / "a.db") as live, visit(browser, bypass_csp=True, base_url=live.address) as tab:
        tab.page.add_init_script(HEARING)
        headers = {"origin": live.address}
        added = 0
        for number, payload in enumerate(PAYLOADS):
            # An address has no blanks in it; attributes are set apart by a slash as well.
            url = f"https://evil.test/{number}?{'/'.join(payload.split())}"
            typed = {"url": url, "name": payload, "labels": payload, "every": "1d" if number % 5 else payload}
            answer = tab.page.request.post("/add", form=typed, headers=headers, max_redirects=0)
            assert answer.status in (303, 400), payload
            added += answer.status == 303
            if answer.status == 400 and number % 4 == 0:
                tab.page.set_content(answer.text(), wait_until="commit")
                assert tab.page.evaluate("window.fired ?? 0") == 0, payload
        assert added > 150
        for view in ("/", "/pages", "/changes", "/search?q=fire", *(f"/pages/{page}" for page in range(1, added, 19))):
            tab.page.goto(view)
            assert tab.page.evaluate("window.fired") == 0, view
        assert tab.dialogs == []
        assert [address for address in tab.requests if not address.startswith((live.address, "about:"))] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_view_is_accessible_fits_its_window_and_is_pictured(
    browser: "Browser", live: Reading, scheme: str, width: int
) -> None:
    locale = "en-GB" if scheme == "light" else "zh-CN"
    size = {"width": width, "height": 900}
    with visit(browser, viewport=size, color_scheme=scheme, locale=locale, base_url=live.address) as tab:
        for view in VIEWS:
            tab.page.goto(view)
            tab.shoot(f"live{view.partition('?')[0].replace('/', '-')}-{width}-{scheme}")
            assert tab.serious() == [], view
            assert tab.page.evaluate("document.documentElement.scrollWidth") <= width, view
        assert [line for line in tab.console if "404" not in line] == []


def test_no_payload_runs_or_calls_home_in_any_live_view(browser: "Browser", tmp_path: Path) -> None:
    plain = NormalText("标题", "2026-01-01", "来源", "编辑", ("旧的一段。",), ())
    with open_store(tmp_path / "a.db") as store, store.transaction() as tx:
        for number, payload in enumerate(PAYLOADS):
            page = tx.put_page(PageDraft(f"https://evil.test/{payload}#{number}", name=payload, labels=(payload,)), T0)
            see(tx, page, plain, T0)
            hostile = NormalText(payload, payload, payload, payload, (payload,), (Attachment(payload, payload),))
            see(tx, page, hostile, T0 + DAY)
    # A tab that does not obey the policy of a page: what is not escaped runs.
    with reading(tmp_path / "a.db") as live, visit(browser, bypass_csp=True, base_url=live.address) as tab:
        tab.page.add_init_script(HEARING)
        asked = (f"/search?q={word}" for word in ("x", "fire", "script", '"', "<", "javascript:"))
        typed = (f"/search?q={quote(payload)}" for payload in PAYLOADS[::8])
        numbers = range(1, len(PAYLOADS) + 1, 8)
        compared = (f"/pages/{number}/compare?from=1&to=2" for number in numbers)
        for view in ("/", "/pages", "/changes", *asked, *typed, *compared):
            tab.page.goto(view)
            assert tab.page.evaluate("window.fired") == 0, view
        assert tab.dialogs == []
        assert [address for address in tab.requests if not address.startswith(live.address)] == []
