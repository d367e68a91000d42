"""From each rendering of a change both texts can be rebuilt, whatever the page says: nothing is hidden or made up."""

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from fakes.rebuild import (
    Told,
    both_sides,
    from_columns,
    from_html,
    from_json,
    from_markdown,
    from_terminal,
    from_unified,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.diff import diff_texts
from core.model import Attachment, NormalText
from core.normalize import canonical, comparable
from core.summary import summary
from reports.cells import cells
from reports.plain import safe
from reports.render import render_change
from reports.values import ChangeReport

AT = datetime(2024, 5, 2, 1, 0, tzinfo=UTC)
FORMS: dict[str, tuple[Callable[[ChangeReport], str], Callable[[str], Told]]] = {
    "in brackets": (partial(render_change, form="text"), from_terminal),
    "in brackets, 59 columns": (partial(render_change, form="text", columns=59), from_terminal),
    "in colour": (partial(render_change, form="text", colour=True), from_terminal),
    "in colour, 40 columns": (partial(render_change, form="text", colour=True, columns=40), from_terminal),
    "markdown": (partial(render_change, form="markdown"), from_markdown),
    "html": (partial(render_change, form="html"), from_html),
    "side by side": (partial(render_change, form="side-by-side"), from_html),
    "json": (partial(render_change, form="json"), from_json),
    "unified": (partial(render_change, form="unified"), from_unified),
}
PARAGRAPHS = (
    "会议指出，要把校车安全放在首位，层层压实责任。",
    "全县投入420余万元更新校车36辆，覆盖18所山区小学。",
    "The county has spent 4.2 million yuan on 36 school buses since 2023.",
    "与会人员实地考察了中心小学的校车停靠点（共３处）。",
)
MARKS = (
    "[-",
    "-]",
    "{+",
    "+}",
    "[-同意-]{+不同意+}",
    "¶",
    "\\",
    "\\[-",
    "|",
    "<b>",
    "</p>",
    "&amp;",
    "`",
    "**",
    "~~",
    "*_",
)
STEERING = (
    "\x1b[31m",
    "\x1b[0m",
    "\x07",
    "\u202e",
    "\u2066",
    "\x00",
    "\r",
    "\ud800",
    "… 3 paragraphs unchanged",
    "+++ b/x",
    "@@",
)
WORDS = (
    "同意",
    "不",
    "36辆",
    "贺茜",
    "👨‍👩‍👧",
    "👍🏿",
    "e\u0301",
    "葛\U000e0100",
    "𠮷",
    "，",
    "。",
    "（",
    " ",
    "and ",
    "yuan",
)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    """Return a paragraph before and after up to three small edits."""
    old = new = draw(st.sampled_from(PARAGRAPHS)) * draw(st.sampled_from((1, 1, 1, 12)))
    for _ in range(draw(st.integers(0, 3))):
        at, word = draw(st.integers(0, len(new))), draw(st.sampled_from(MARKS + STEERING + WORDS))
        new = new[:at] + word + new[at + draw(st.integers(0, 2)) :]
    return old, new


@st.composite
def bodies(draw: st.DrawFn) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a body before and after: edited, added, removed, moved, split and joined paragraphs."""
    old, new = [], []
    for was, now in draw(st.lists(edited(), max_size=6)):
        what = draw(st.sampled_from(("both", "both", "both", "old", "new", "first", "split", "joined")))
        half = len(was) // 2
        old += [] if what == "new" else [was[:half], was[half:]] if what == "joined" else [was]
        pieces = [] if what == "old" else [now[:half], now[half:]] if what == "split" else [now]
        new = [*pieces, *new] if what == "first" else [*new, *pieces]
    kept = tuple(f"第{number}条不变的规定，到此为止。" for number in range(draw(st.sampled_from((0, 12)))))
    return (*old, *kept), (*new, *kept)


def report(old: NormalText, new: NormalText) -> ChangeReport:
    diff = diff_texts(old, new)
    values = ("", "https://a.cn/", "", "changed", AT, None, 1, 2, summary(diff), "", diff)
    return ChangeReport(3, 1, *values)


def text(body: tuple[str, ...], editor: str = "苏可明", title: str = "标题") -> NormalText:
    return NormalText(title, "2024-05-01", "来源", editor, body, (Attachment("附件", "https://a.cn/1"),))


def shows(body: Sequence[str]) -> list[str]:
    return [line for line in body if canonical(line)]


def spaced(lines: Sequence[str]) -> tuple[str, ...]:
    """Return lines as they are compared, but for the white space that Markdown takes away and what is not printed."""
    return comparable(tuple(" ".join(safe(line).replace("\ufffd", "").split()) for line in lines))


@settings(deadline=None, max_examples=60)
@given(bodies(), edited(), st.sampled_from(("贺茜", "", "[-白婉苹-]", "\\")))
def test_both_texts_are_rebuilt_from_every_form(sides, title, editor: str) -> None:
    old, new = text(sides[0], title=title[0]), text(sides[1], editor, title[1])
    told = report(old, new)
    for form, (render, read) in FORMS.items():
        shown = read(render(told))
        assert set(shown.fields) == {field.field for field in told.diff.fields}, form
        for field in told.diff.fields:
            assert spaced(shown.fields[field.field]) == spaced((field.old, field.new)), form
        if told.diff.body:
            before, after = both_sides(shown, *map(shows, sides))
            assert spaced(before) == spaced(shows(sides[0])), form
            assert spaced(after) == spaced(shows(sides[1])), form


UNLIKE = st.lists(st.sampled_from(MARKS + STEERING + WORDS), min_size=1, max_size=40).map("".join).filter(canonical)


@given(st.lists(UNLIKE, min_size=1, max_size=4), st.lists(UNLIKE, min_size=1, max_size=4))
@settings(deadline=None, max_examples=30)
def test_a_rewritten_body_is_rebuilt_from_its_two_columns(before: list[str], after: list[str]) -> None:
    before, after = ["会议" * 60, *before], ["今年以来事故为零。" * 20, *after]
    told = report(text(tuple(before)), text(tuple(after)))
    assume(told.diff.is_rewritten)
    shown = render_change(told, "text", columns=80)
    assert max(map(cells, shown.splitlines())) <= 80
    assert [both_sides(from_columns(shown, 37), before, after)] == [
        tuple(["".join(safe(line).split()) for line in side] for side in (before, after))
    ]


@given(bodies())
@settings(deadline=None, max_examples=30)
def test_nothing_that_steers_is_printed(sides) -> None:
    for form, (render, _) in FORMS.items():
        shown = re.sub(r"\x1b\[(31;9|32;1|1|0)m", "", render(report(*map(text, sides))))
        assert form == "json" or not set(shown) & set("\x1b\x07\x00\r\u202e\u2066\ud800"), form


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_git_applies_the_unified_form(tmp_path: Path) -> None:
    lines = tuple(f"第{number}条规定的内容。" for number in range(30))
    edited = (lines[0].replace("规定", "要求"), *lines[2:15], "新增加的一条。", *lines[15:], lines[1])
    old = text(lines)
    new = NormalText("标题", "2024-05-01", "", "贺茜", edited, (Attachment("名单", "https://a.cn/2"), *old.attachments))
    for name, value in files(old).items():
        (tmp_path / name).write_text(value, encoding="utf-8")
    (tmp_path / "change.diff").write_text(render_change(report(old, new), "unified"), encoding="utf-8")
    subprocess.run(["git", "apply", "--unidiff-zero", "change.diff"], cwd=tmp_path, check=True)
    assert {name: (tmp_path / name).read_text(encoding="utf-8") for name in files(new)} == files(new)


def files(shown: NormalText) -> dict[str, str]:
    named = [f"{file.name} {file.url}" for file in shown.attachments or ()]
    lines = {"source": [shown.source], "editor": [shown.editor], "body": shown.body, "attachments": named}
    return {name: "".join(f"{line}\n" for line in value if line) for name, value in lines.items()}
