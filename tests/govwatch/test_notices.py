"""What a delivery of many changes says: a redesign as one, the first word for word, the others in short."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.settings import Settings
from core.model import Capture
from govwatch import notices
from govwatch.app import App
from govwatch.demo.article import PARAGRAPHS, article_html
from govwatch.notices import notice_of
from govwatch.recording import Finding, record
from reports.channels.values import Notice
from storage.outbox import DeliveryRow
from storage.rows import PageDraft
from storage.write import Store

T0 = datetime(2024, 5, 1, tzinfo=UTC)
APP = App(Settings(), Path("unused.db"))


def see(store: Store, number: int, at: datetime, **shown: object) -> None:
    url = f"https://www.sc.gov.cn/{number}.shtml"
    with store.transaction() as tx:
        tx.put_page(PageDraft(url), T0)
        (page,) = tx.find_pages(url)
    record(APP, store, [Finding(page, Capture(url, url, 200, (), article_html(f"第{number}题", **shown), at, at), at)])


def told(store: Store, changes: int) -> Notice:
    return notice_of(store.reading(), DeliveryRow(1, "hook", "n-1", T0, 0, tuple(range(1, changes + 1)), ()))


def test_a_redesign_is_one_notice_with_the_list_of_its_pages(store: Store) -> None:
    for number in range(120):
        see(store, number, T0)
        see(store, number, T0 + timedelta(minutes=number + 1), paragraphs=(*PARAGRAPHS, "本站已升级改版"))
    notice = told(store, 120)
    assert notice.subject == "120 pages of www.sc.gov.cn changed alike"
    lines = notice.text.splitlines()
    assert lines[0] == "120 pages of www.sc.gov.cn changed alike; the newest:"
    assert notice.text.count("本站已升级改版") == 1
    assert sum(line.startswith("  page ") for line in lines) == 100
    assert "  page 119  seen 2024-05-01 09:59  第118题" in lines
    assert lines[-1] == "  … and 19 more"
    assert notice.html.count("本站已升级改版") == 1
    assert "第118题" in notice.html
    assert "… and 19 more" in notice.html
    first, *others = json.loads(notice.json)["changes"]
    assert (first["page"], first["group"], first["like"]) == (120, "redesign", None)
    assert first["diff"] is not None
    assert {(other["like"], other["diff"]) for other in others} == {(first["change"], None)}
    assert len(others) == 119


def test_a_page_that_flapped_since_the_last_report_is_told_once(store: Store) -> None:
    for turn in range(6):
        see(store, 1, T0 + timedelta(hours=turn), editor=("苏可明", "贺茜")[turn % 2])
    notice = told(store, 5)
    assert notice.subject == "第1题: 5 turns between two versions"
    assert notice.text.count("[-") == 1


def test_of_very_many_changes_the_first_are_told_word_for_word_and_the_others_in_short(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "MOST_IN_FULL", 2)
    for number in range(4):
        see(store, number, T0)
        edited = (f"第{number}段", *PARAGRAPHS[1:])
        see(store, number, T0 + timedelta(minutes=number + 1), editor=f"编辑{number}", paragraphs=edited)
    notice = told(store, 4)
    assert notice.subject == "4 changes on 4 pages"
    assert notice.text.count("{+编辑") == 2
    assert "  editor 苏可明 -> 编辑0; body changed\n  the words: govwatch diff 1\n" in notice.text
    changes = json.loads(notice.json)["changes"]
    assert [change["page"] for change in changes] == [4, 3, 2, 1]
    assert [change["diff"] is None for change in changes] == [False, False, True, True]
