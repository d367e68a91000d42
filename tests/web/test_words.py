"""The words of the interface: every phrase in both languages, and what a change says in one line."""

import re
from pathlib import Path
from string import Formatter

import pytest
from fakes.archive import BODY, EDITED, FIRST, LONGER, REWRITTEN
from fakes.checks import T0
from msgspec.structs import replace

from core.diff import diff_texts
from core.model import Attachment, ChangeKind, Content, NormalText, Presence
from core.summary import summary
from reports.values import ChangeReport
from web.summaries import change_summary
from web.words import CHINESE, MEASURES, Words, count, say

ROOT = Path(__file__).parents[2]
TEMPLATES = [*(ROOT / "web" / "templates").glob("*.html"), ROOT / "reports" / "templates" / "parts.html"]
SILENT = "发布日期未变，属未声明的修改"
HOSTILE = "<b>\x1b&"


FILES = (Attachment("甲.pdf", "https://a.cn/1"), Attachment("乙.pdf", "https://a.cn/2"))
WITH_FILES = replace(FIRST, attachments=FILES)


def renamed() -> NormalText:
    one, other = FILES
    return replace(FIRST, attachments=(replace(one, name="丙.pdf"), replace(other, url="https://a.cn/3")))


def reordered() -> NormalText:
    return replace(FIRST, attachments=FILES[::-1])


def report(kind: ChangeKind, old: NormalText, new: NormalText, **differs: object) -> ChangeReport:
    diff = diff_texts(old, new) if old != new else None
    values: dict[str, object] = {"change": 1, "page": 1, "name": "", "url": "", "title": "", "kind": kind}
    values |= {"seen_at": T0, "last_good_at": None, "from_version": 1, "to_version": 2}
    values |= {"summary": summary(diff) if diff else "", "detail": "", "diff": diff}
    return ChangeReport(**(values | differs))  # type: ignore[arg-type]


def test_every_phrase_of_the_templates_has_its_chinese() -> None:
    said = {phrase for file in TEMPLATES for phrase in re.findall(r'say\("([^"]+)"', file.read_text(encoding="utf-8"))}
    assert len(said) > 60
    assert not said - set(CHINESE)
    counted = {noun for file in TEMPLATES for noun in re.findall(r'count\("([^"]+)"', file.read_text(encoding="utf-8"))}
    assert counted == set(MEASURES)


def test_every_verdict_has_its_chinese() -> None:
    states = {"paused", "retired", "fine", "in trouble", "never seen"}
    fields = {"title", "published", "source", "editor", "attachment"}
    assert not {*map(str, ChangeKind), *map(str, Content), *map(str, Presence)} - set(CHINESE)
    assert not (states | fields) - set(CHINESE)


@pytest.mark.parametrize("phrase", CHINESE)
def test_both_languages_take_the_same_values_and_the_chinese_is_chinese(phrase: str) -> None:
    names = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (phrase, CHINESE[phrase])]
    assert names[0] == names[1]
    assert re.search("[一-鿿]", CHINESE[phrase]) or names[0]


def test_words_stand_in_a_page_under_their_language_escaped_and_safe() -> None:
    said = say("{paragraphs} unchanged", paragraphs=count(1, "paragraph"))
    assert (said.en, said.zh) == ("1 paragraph unchanged", "1 段未变")
    assert Words(HOSTILE, "文").__html__() == (
        '<span class="w" lang="en">&lt;b&gt;\ufffd&amp;</span><span class="w" lang="zh-CN">文</span>'
    )
    assert count(2000, "check").en == "2,000 checks"
    assert count(1, "day") == Words("1 day", "1 天")


def test_what_a_page_says_is_no_format_of_ours() -> None:
    assert say("last good check {at}", at="{at} {0}").en == "last good check {at} {0}"


@pytest.mark.parametrize(
    ("told", "chinese"),
    [
        (report(ChangeKind.CHANGED, FIRST, EDITED), "责任编辑 白婉苹 → 贺茜；" + SILENT),
        (report(ChangeKind.CHANGED, FIRST, replace(FIRST, source="")), "来源 云岭县教育局 → （空）；" + SILENT),
        (report(ChangeKind.REVERTED, EDITED, FIRST), "改回版本 2；责任编辑 贺茜 → 白婉苹；" + SILENT),
        (
            report(ChangeKind.CHANGED, EDITED, LONGER),
            "正文修改 1 段、新增 1 段，+11 −3 字；新增附件：名单.pdf；" + SILENT,
        ),
        (
            report(ChangeKind.CHANGED, LONGER, EDITED),
            "正文修改 1 段、删除 1 段，+3 −11 字；删除附件：名单.pdf；" + SILENT,
        ),
        (report(ChangeKind.CHANGED, EDITED, replace(REWRITTEN, title=EDITED.title)), "正文重写，保留 0%；" + SILENT),
        (
            report(ChangeKind.CHANGED, FIRST, replace(FIRST, body=(*BODY[1:], BODY[0]))),
            "正文移动 1 段，+0 −0 字；" + SILENT,
        ),
        (
            report(ChangeKind.CHANGED, FIRST, replace(FIRST, body=(BODY[0][:14], BODY[0][14:], *BODY[1:]))),
            "正文拆分 1 段，+0 −0 字；" + SILENT,
        ),
        (report(ChangeKind.CHANGED, WITH_FILES, renamed()), "附件更名：甲.pdf → 丙.pdf；附件换链接：乙.pdf；" + SILENT),
        (report(ChangeKind.CHANGED, WITH_FILES, reordered()), "附件顺序改变；" + SILENT),
        (report(ChangeKind.CHANGED, FIRST, replace(FIRST, published="2026-02-02")), "发布日期 2026-01-01 → 2026-02-02"),
        (report(ChangeKind.REMOVED, FIRST, FIRST), "网页已被删除"),
        (report(ChangeKind.MOVED, FIRST, FIRST), "网页已移走"),
        (report(ChangeKind.RESTORED, FIRST, FIRST), "网页已恢复；内容未变"),
        (report(ChangeKind.RESTORED, FIRST, EDITED), "网页已恢复；责任编辑 白婉苹 → 贺茜；" + SILENT),
        (report(ChangeKind.RESTORED, FIRST, FIRST, from_version=None), "网页已恢复"),
    ],
)
def test_a_change_is_told_in_one_line_of_chinese(told: ChangeReport, chinese: str) -> None:
    assert change_summary(told) == Words(told.summary, chinese)
