"""The static site from disk in a real browser: a walk through it, search, languages, accessibility, pictures kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fakes.browser import Visit, visit

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VIEWS = ("index.html", "pages.html", "page-1.html", "change-2.html", "change-6.html", "search.html#扶贫")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def tab(browser: "Browser") -> Iterator[Visit]:
    with visit(browser, viewport=WIDE, locale="en-GB") as tab:
        yield tab
    assert tab.console == []
    assert all(address.startswith("file:///") for address in tab.requests)


def open_view(tab: Visit, site: Path, view: str) -> None:
    tab.page.goto(f"{site.as_uri()}/{view}")


def test_from_overview_to_change_to_page_to_comparison(tab: Visit, site: Path) -> None:
    open_view(tab, site, "index.html")
    tab.page.locator("li.told", has_text="白婉苹 -> 贺茜").get_by_role("link", name="云岭县").click()
    assert tab.page.locator("del").first.inner_text() == "白婉苹"
    assert tab.page.locator("ins").first.inner_text() == "贺茜"
    tab.page.get_by_role("link", name="the whole life of this page").click()
    tab.page.get_by_label("Compare version").select_option("1")
    tab.page.get_by_label("with version").select_option("3")
    tab.page.get_by_role("button", name="Compare").click()
    shown = tab.page.locator("#comparison")
    assert shown.locator("del").all_inner_texts() == ["白婉苹", "36"]
    assert shown.locator("ins").all_inner_texts()[:2] == ["贺茜", "名单.pdf https://www.sc.gov.cn/list.pdf"]
    assert "63" in shown.locator("ins").all_inner_texts()


def test_a_link_to_a_comparison_shows_it(tab: Visit, site: Path) -> None:
    open_view(tab, site, "change-1.html")
    tab.page.get_by_role("link", name="compare versions").click()
    expect(tab.page.locator("#comparison del")).to_have_text(["白婉苹"])


def test_two_like_versions_compare_as_no_difference(tab: Visit, site: Path) -> None:
    open_view(tab, site, "page-1.html#compare-3-3")
    assert "no difference" in tab.page.locator("#comparison").inner_text()


def test_the_slider_walks_through_the_versions_with_the_keyboard(tab: Visit, site: Path) -> None:
    open_view(tab, site, "page-1.html")
    steps, slider = tab.page.locator(".step"), tab.page.get_by_role("slider")
    assert steps.locator("visible=true").count() == 1
    slider.focus()
    tab.page.keyboard.press("Home")
    steps.nth(0).wait_for(state="visible")
    assert slider.get_attribute("aria-valuetext") == "1 · 2026-01-01 08:00"
    assert tab.page.get_by_role("button", name="earlier").is_disabled()
    tab.page.keyboard.press("ArrowRight")
    assert steps.nth(1).locator("ins").inner_text() == "贺茜"
    tab.page.get_by_role("button", name="later").click()
    assert tab.page.url.endswith("#step-3")
    assert steps.locator("visible=true").count() == 1


def test_the_life_line_leads_to_a_version_and_to_a_change(tab: Visit, site: Path) -> None:
    open_view(tab, site, "page-1.html")
    tab.page.locator("svg.life a[href='#step-1']").click()
    tab.page.locator("#step-1").wait_for(state="visible")
    tab.page.locator("svg.life a[href='change-3.html']").click()
    assert tab.page.url.endswith("change-3.html")


@pytest.mark.parametrize(
    ("words", "pages", "state"),
    [
        ("扶贫", ["青石镇扶贫工作纪实"], "shown now"),
        ("白婉苹", ["停用通知"], "no longer shown"),
        ("ＳＣＨＯＯＬ bus", ["停用通知"], None),
        ("扶贫 白婉苹", [], None),
        ("edu 36辆", ["停用通知"], "no longer shown"),
        ("<script>", [], None),
    ],
)
def test_search_finds_words_of_two_characters_in_all_versions(
    tab: Visit, site: Path, words: str, pages: list[str], state: str | None
) -> None:
    open_view(tab, site, "search.html")
    tab.page.keyboard.type(words)
    expect(tab.page.get_by_role("status")).to_have_text(f"pages found: {len(pages)}", use_inner_text=True)
    assert tab.page.locator("#results h3").all_inner_texts() == pages
    if state:
        assert state in tab.page.locator("#results .hits").inner_text()
        assert tab.page.locator("#results mark").first.inner_text() in words


def test_what_was_searched_stands_in_the_address_and_the_finding_leads_to_its_version(tab: Visit, site: Path) -> None:
    open_view(tab, site, "search.html#白婉苹")
    assert tab.page.get_by_role("searchbox").input_value() == "白婉苹"
    tab.page.locator("#results .hits a").click()
    tab.page.wait_for_url("**/page-1.html*")
    assert tab.page.locator(".step >> visible=true").get_attribute("data-version") == "1"


def test_the_list_of_pages_is_filtered_by_typing(tab: Visit, site: Path) -> None:
    open_view(tab, site, "pages.html")
    tab.page.get_by_label("Show only pages with").fill("扶贫")
    assert tab.page.locator("tbody tr:visible th a").all_inner_texts() == ["青石镇扶贫工作纪实"]
    assert tab.page.get_by_role("status").inner_text() == "1 / 4"


def test_the_language_is_changed_by_a_button_and_remembered(tab: Visit, site: Path) -> None:
    open_view(tab, site, "index.html")
    assert tab.page.locator("html").get_attribute("lang") == "en"
    assert tab.page.locator("h1").inner_text() == "Overview"
    tab.page.get_by_role("button", name="中文").click()
    tab.page.get_by_role("heading", name="概览", level=1).wait_for(state="visible")
    tab.page.get_by_role("link", name="网页", exact=True).click()
    assert tab.page.locator("html").get_attribute("lang") == "zh-CN"
    tab.page.get_by_role("button", name="English").wait_for(state="visible")


def test_a_chinese_browser_begins_in_chinese(browser: "Browser", site: Path) -> None:
    with visit(browser, locale="zh-CN") as tab:
        open_view(tab, site, "index.html")
        assert tab.page.locator("h1").inner_text() == "概览"


def test_without_scripts_everything_but_search_can_be_read(browser: "Browser", site: Path) -> None:
    with visit(browser, java_script_enabled=False, locale="zh-CN") as tab:
        open_view(tab, site, "page-1.html")
        assert tab.page.locator(".step >> visible=true").count() == 6
        assert not tab.page.get_by_role("slider").is_visible()
        open_view(tab, site, "change-2.html")
        tab.page.get_by_label("Side by side").check()
        assert tab.page.get_by_role("table").is_visible()
        open_view(tab, site, "search.html")
        assert "needs JavaScript" in tab.page.locator("main").inner_text()


def test_print_opens_what_is_folded_and_closes_it_again(tab: Visit, site: Path) -> None:
    open_view(tab, site, "page-1.html")
    closed = tab.page.locator("details:not([open])").count()
    assert closed > 3
    tab.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.page.locator("details:not([open])").count() == 0
    tab.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.page.locator("details:not([open])").count() == closed


def test_the_policy_of_each_file_stops_a_script_that_is_put_in(browser: "Browser", site: Path) -> None:
    with visit(browser) as tab:
        open_view(tab, site, "index.html")
        tab.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x: onerror=alert(1)>')")
        tab.page.evaluate("new Image().src = 'http://evil.test/'")
        tab.page.wait_for_function("[...document.images].every((image) => image.complete)")
        assert tab.dialogs == []
        assert [line for line in tab.console if "Content Security Policy" in line]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_every_view_is_accessible_fits_its_window_and_is_pictured(
    browser: "Browser", site: Path, scheme: str, size: dict[str, int]
) -> None:
    locale = "en-GB" if scheme == "light" else "zh-CN"
    with visit(browser, viewport=size, color_scheme=scheme, locale=locale) as tab:
        for view in VIEWS:
            open_view(tab, site, view)
            name = view.partition(".")[0]
            tab.shoot(f"{name}-{size['width']}-{scheme}")
            assert tab.serious() == [], view
            assert tab.page.evaluate("document.documentElement.scrollWidth") <= size["width"], view
        assert tab.console == []


def test_the_whole_site_can_be_reached_with_the_tab_key(tab: Visit, site: Path) -> None:
    open_view(tab, site, "index.html")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(40):
        tab.page.keyboard.press("Tab")
        reached.add(tab.page.evaluate("document.activeElement.getAttribute('href')"))
    assert {"pages.html", "search.html", "change-1.html", "page-1.html", "page-3.html"} <= reached
