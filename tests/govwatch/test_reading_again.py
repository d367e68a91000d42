"""What need not be read again: the page's head served once more, read by the same rules, and nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from config.settings import Settings
from core.model import Capture, Hop
from core.read import deciding_headers, page_reader
from govwatch.app import App
from govwatch.demo.article import PARAGRAPHS, article_html
from govwatch.recording import Checked, Finding, record
from storage.rows import PageDraft
from storage.write import Store

URL = "https://www.sc.gov.cn/a.shtml"
T0 = datetime(2024, 5, 1, tzinfo=UTC)
HTML = ("Content-Type", "text/html; charset=utf-8")
DECIDING = {"url", "final_url", "status", "media", "defect", "body", "headers"}
APP = App(Settings(), Path("unused.db"))


@pytest.fixture
def store(store: Store) -> Store:
    with store.transaction() as tx:
        tx.put_page(PageDraft(URL), T0)
    return store


def served(minute: int, **shown: object) -> Capture:
    at = T0 + timedelta(minutes=minute)
    return Capture(URL, URL, 200, (HTML,), article_html(**shown), at, at)


def keep(store: Store, capture: Capture, app: App = APP) -> Checked:
    page = store.reading().pages()[0]
    return record(app, store, [Finding(page, capture, capture.received_at)])[0]


def test_the_same_bytes_are_same_without_being_read_and_the_check_says_as_much(
    store: Store, read: list[Capture]
) -> None:
    paragraphs = (*PARAGRAPHS, "打印本页", "会议结束。")
    keep(store, served(0, paragraphs=paragraphs))
    checked = keep(store, served(1, paragraphs=paragraphs))
    assert (checked.verdict.presence, checked.verdict.content) == ("present", "same")
    assert len(read) == 1
    newest, first = store.reading().checks(1)
    assert (newest.removed, newest.quality, newest.number) == (first.removed, first.quality, first.number)
    assert newest.removed == {"buttons": 4}


def test_a_body_known_from_an_older_spell_is_read_and_reverts(store: Store, read: list[Capture]) -> None:
    contents = [
        keep(store, served(minute, editor=editor)).verdict.content
        for minute, editor in enumerate(("苏可明", "贺茜", "苏可明", "苏可明"))
    ]
    assert contents == ["first-seen", "changed", "reverted", "same"]
    assert len(read) == 3


def test_noise_is_read(store: Store, read: list[Capture]) -> None:
    assert [keep(store, served(n, noise=n)).verdict.content for n in range(3)] == ["first-seen", "same", "same"]
    assert len(read) == 3


@pytest.mark.parametrize(
    "other",
    [
        {"headers": (("content-type", "text/html; charset=big5"),)},
        {"headers": (HTML, ("CF-Mitigated", "challenge"))},
        {"status": 404},
        {"final_url": "https://www.sc.gov.cn/"},
        {"defect": "cut"},
        {"media": "text"},
    ],
)
def test_the_same_bytes_in_another_answer_are_read(store: Store, read: list[Capture], other: dict[str, Any]) -> None:
    keep(store, served(0))
    keep(store, replace(served(1), **other))
    assert len(read) == 2


def test_the_same_bytes_are_read_under_other_rules(store: Store, read: list[Capture], tmp_path: Path) -> None:
    keep(store, served(0))
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.toml").write_text('[[rule]]\nid = "x"\nwhy = "w"\npattern = "绝无"\n', encoding="utf-8")
    app = App(Settings(rules_dir=str(tmp_path)), Path("unused.db"))
    assert keep(store, served(1), app).verdict.content == "same"
    assert len(read) == 3  # The answer, and the head under these rules.
    keep(store, served(2), app)
    assert len(read) == 3


def test_a_page_that_was_gone_and_shows_its_head_again_is_restored(store: Store) -> None:
    keep(store, served(0))
    for hours in (10, 20, 30):
        at = T0 + timedelta(hours=hours)
        keep(store, Capture(URL, URL, 404, (), b"gone", at, at))
    checked = keep(store, served(60 * 40))
    assert checked.decision.change is not None
    assert (checked.verdict.content, checked.decision.change.kind) == ("same", "restored")


class Watched:
    """A capture that notes what is asked of it."""

    def __init__(self, capture: Capture) -> None:
        self.capture, self.asked = capture, set[str]()

    def __getattr__(self, name: str) -> object:
        self.asked.add(name)
        return getattr(self.capture, name)


@pytest.mark.parametrize("status", [200, 404, 521])
def test_a_reading_depends_on_nothing_but_what_is_compared(status: int) -> None:
    library = APP.library
    reader = page_reader(URL, "", library.profiles, library.rules)
    capture = replace(served(0), status=status)
    watched = Watched(capture)
    reading = reader.read(watched)  # type: ignore[arg-type]
    assert watched.asked <= DECIDING
    others = {"ip": "1.2.3.4", "tls": "verified", "redirects": (Hop("a", 301),), "wire_bytes": 7, "wire_sha256": "ab"}
    others |= {"requested_at": T0 - timedelta(1), "received_at": T0 + timedelta(1), "origin": "import"}
    assert set(others) | DECIDING == set(Capture.__struct_fields__)
    headers = (("Server", "nginx"), *deciding_headers(capture.headers), ("Age", "3"))
    assert reader.read(replace(capture, **others, headers=headers)) == reading  # type: ignore[arg-type]
