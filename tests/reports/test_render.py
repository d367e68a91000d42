"""The renderers: one change and the life of a page, for terminals, browsers, tickets and programs."""

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from importlib.resources import files

import fastjsonschema
import pytest
from msgspec.structs import replace

from core.diff import diff_texts
from core.model import Attachment, NormalText
from core.summary import summary
from reports.folding import folded_body, folded_timeline
from reports.jsonout import change_to_dict
from reports.plain import count, safe, when
from reports.render import FORMS, render_change, render_page
from reports.values import ChangeReport, PageReport, TimelineEntry

AT = datetime(2024, 5, 2, 1, 0, tzinfo=UTC)
BODY = tuple(f"第{number}段，内容各不相同的一段文字{number * 37}。" for number in range(8))
OLD = NormalText("标题", "2024-05-01", "来源", "苏可明", BODY, (Attachment("旧附件", "https://a.cn/1"),))
NEW = NormalText(
    "标题",
    "2024-05-01",
    "来源",
    "贺茜",
    (BODY[1].replace("内容", "文字"), *BODY[2:], "完全新增加的一段话。", BODY[0]),
    (Attachment("新附件", "javascript:alert(1)"),),
)
HOSTILE = "</p><script>alert(1)</script>\"'><img src=x onerror=alert(2)>`*_[a](http://b)\x1b[31m\u202e"


def report(old: NormalText = OLD, new: NormalText = NEW, **differs: object) -> ChangeReport:
    diff = diff_texts(old, new)
    values: dict[str, object] = {
        "change": 3,
        "page": 1,
        "name": "",
        "url": "https://www.sc.gov.cn/a.shtml",
        "title": "标题",
        "kind": "changed",
        "seen_at": AT,
        "last_good_at": AT - timedelta(days=1),
        "from_version": 1,
        "to_version": 2,
        "summary": summary(diff),
        "detail": "",
        "diff": diff,
    }
    return ChangeReport(**(values | differs))  # type: ignore[arg-type]


def test_the_terminal_tells_fields_first_then_the_paragraphs_that_differ() -> None:
    assert render_change(report(), "text").splitlines() == [
        "page 1  changed  标题",
        "  https://www.sc.gov.cn/a.shtml",
        "  seen 2024-05-02 09:00, last good check before 2024-05-01 09:00, version 1 to 2",
        f"  {report().summary}",
        "",
        "  editor      [-苏可明-]{+贺茜+}",
        "  attachment  [-旧附件 https://a.cn/1-]",
        "  attachment  {+新附件 javascript:alert(1)+}",
        f"  < moved away: {BODY[0]}",
        "  ~ 第1段，[-内容-]{+文字+}各不相同的一段文字37。",
        "  … 6 paragraphs unchanged",
        "  + {+完全新增加的一段话。+}",
        f"  > moved here: {BODY[0]}",
    ]


def test_colour_takes_the_place_of_brackets() -> None:
    coloured = render_change(report(), "text", colour=True)
    assert "\x1b[31;9m苏可明\x1b[0m\x1b[32;1m贺茜\x1b[0m" in coloured
    assert "[-" not in coloured


@pytest.mark.parametrize("form", FORMS)
def test_a_change_of_presence_has_no_diff(form: str) -> None:
    gone = report(kind="removed", diff=None, summary="the page was removed", detail="status 404", from_version=None)
    assert "404" in render_change(gone, form)


def test_markdown_marks_what_went_and_what_came() -> None:
    told = render_change(report(), "markdown")
    assert "**editor**: <del>苏可明</del><ins>贺茜</ins>" in told
    assert "*… 6 paragraphs unchanged*" in told
    assert "**attachment added**: <ins>新附件 javascript\\:alert\\(1\\)</ins>" in told
    assert f"*moved here:* {BODY[0]}" in told


def test_json_rebuilds_both_sides() -> None:
    body = change_to_dict(report())["diff"]["body"]
    old = [p for p in body if p["kind"] not in ("added", "moved")]
    new = [p for p in body if p["kind"] not in ("removed", "moved-away")]
    assert tuple("".join(span["old"] for span in p["spans"]) for p in old) == OLD.body
    assert tuple("".join(span["new"] for span in p["spans"]) for p in new) == NEW.body


@pytest.mark.parametrize("kind", ["changed", "reverted", "removed"])
def test_json_is_as_its_schema_describes_it(kind: str) -> None:
    schema = json.loads((files("reports") / "change.schema.json").read_text(encoding="utf-8"))
    check = fastjsonschema.compile(schema)
    told = report(kind=kind, diff=None) if kind == "removed" else report()
    check(json.loads(render_change(told, "json")))
    check(change_to_dict(report(change=None, kind="difference", last_good_at=None)) | {"superseded": False})
    for name, part in (("kind", "edit"), ("diff", {}), ("since", AT.isoformat())):
        with pytest.raises(fastjsonschema.JsonSchemaException):
            check(change_to_dict(told) | {name: part})


def test_html_marks_words_folds_what_stayed_and_needs_nothing_else() -> None:
    page = render_change(report(), "html")
    assert "<dt>editor</dt><dd><del>苏可明</del><ins>贺茜</ins></dd>" in page
    assert "<summary>6 paragraphs unchanged</summary>" in page
    assert "default-src 'none'" in page
    assert all(word not in page for word in ("src=", "@import", "url(", "<link", "<script"))


class _Tags(HTMLParser):
    """Collects tags and links."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.handlers: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links |= {value or "" for name, value in attrs if name == "href"}
        self.handlers |= {name for name, _ in attrs if name.startswith("on")}


def test_what_a_hostile_page_says_stays_text_in_every_form() -> None:
    attached = (Attachment(HOSTILE, "javascript:alert(3)"),)
    hostile = NormalText(HOSTILE, HOSTILE, HOSTILE, HOSTILE, (HOSTILE, BODY[0] + HOSTILE), attached)
    told = report(OLD, hostile, title=HOSTILE, name=HOSTILE, detail=HOSTILE, url=f"javascript:{HOSTILE}", kind="moved")
    entry = TimelineEntry(AT, "changed", HOSTILE, 1, 3, 1, AT)
    pages = [render_change(told, "html"), render_page(PageReport(1, HOSTILE, told.url, HOSTILE, (entry,), (told,)))]
    for page in pages:
        found = _Tags()
        found.feed(page)
        assert not found.tags & {"script", "img"}
        assert not found.handlers
        assert all(link.startswith(("#", "https://a.cn/")) for link in found.links)
        assert "\u202e" not in page
        assert "\x1b" not in page
    assert "\x1b" not in render_change(told, "text")
    markdown = render_change(replace(told, url="https://a.cn/`"), "markdown")
    assert "<script" not in markdown.replace("\\<", "")
    assert "](http" not in markdown


def test_a_page_report_folds_the_checks_that_found_the_same() -> None:
    said = ("first-seen", "same", "same", "same", "changed", "same", "unknown")
    timeline = tuple(
        TimelineEntry(AT + timedelta(days=day), word, "", 1, 3 if word == "changed" else None, 1, AT)
        for day, word in enumerate(said)
    )
    assert [run.checks for run in folded_timeline(timeline)] == [1, 3, 1, 1, 1]
    rolled_up = replace(timeline[1], checks=24)
    assert [run.checks for run in folded_timeline((rolled_up, *timeline[2:4]))] == [26]
    page = render_page(PageReport(1, "", "https://www.sc.gov.cn/a", "", timeline, (report(),)))
    assert "same ×3" in page
    assert 'href="#change-3"' in page
    assert 'id="change-3"' in page
    assert "7 checks, 1 change;" in page


def test_a_page_without_changes_says_so() -> None:
    assert "Nothing so far." in render_page(PageReport(1, "", "https://www.sc.gov.cn/a", "标题", (), ()))


def test_small_words() -> None:
    assert (count(1, "check"), count(2, "check")) == ("1 check", "2 checks")
    assert when(None) == "never"
    assert safe("a\x00\u2066b") == "a\ufffd\ufffdb"
    assert folded_body(()) == []
    assert report(from_version=2).versions == "version 2"
