"""Marks inside a text: the size at which a reader would mark, whole graphemes, and both sides rebuilt exactly."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.fold import fold_width
from core.marks import Span, mark, tokens

CASES = [
    ("an editor's name", "白婉苹", "贺茜", "[-白婉苹-]{+贺茜+}"),
    ("one character of a name", "王小明", "王晓明", "王[-小-]{+晓+}明"),
    ("a label before the name", "责任编辑：白婉苹", "责任编辑：贺茜", "责任编辑：[-白婉苹-]{+贺茜+}"),
    ("a day", "2024年5月1日印发", "2024年5月11日印发", "2024年5月[-1-]{+11+}日印发"),
    ("a percentage", "增长4.36%。", "增长4.63%。", "增长[-4.36%-]{+4.63%+}。"),
    ("thousands", "共3,228人参加", "共3,282人参加", "共[-3,228-]{+3,282+}人参加"),
    ("a time", "于10:08召开", "于10:18召开", "于[-10:08-]{+10:18+}召开"),
    (
        "a sentence added",
        "会议召开。与会人员讨论。",
        "会议召开。通过决议。与会人员讨论。",
        "会议召开。{+通过决议。+}与会人员讨论。",
    ),
    ("a sentence taken out", "会议召开。通过决议。散会。", "会议召开。散会。", "会议召开。[-通过决议。-]散会。"),
    ("a not", "同意这项安排", "不同意这项安排", "{+不+}同意这项安排"),
    ("widths alone", "会议，召开（一）", "会议,召开(一)", "会议,召开(一)"),
    ("a Latin word", "the mayor said", "the major said", "the [-mayor-]{+major+} said"),
    ("a family of emoji", "见👨‍👩‍👧图", "见👨‍👩‍👦图", "见[-👨‍👩‍👧-]{+👨‍👩‍👦+}图"),
    ("a combining mark", "cafe\u0301开业", "cafe开业", "[-cafe\u0301-]{+cafe+}开业"),
    ("a tone of skin", "👍🏻好", "👍🏿好", "[-👍🏻-]{+👍🏿+}好"),
    ("a flag", "🇨🇳队", "🇨🇦队", "[-🇨🇳-]{+🇨🇦+}队"),
    ("a rare character", "𠮷林省", "吉林省", "[-𠮷-]{+吉+}林省"),
    ("something from nothing", "", "新增", "{+新增+}"),
    ("nothing from something", "旧", "", "[-旧-]"),
]


def written(spans: tuple[Span, ...]) -> str:
    forms = {"equal": "{new}", "delete": "[-{old}-]", "insert": "{{+{new}+}}"}
    return "".join(forms[span.kind].format(old=span.old, new=span.new) for span in spans)


@pytest.mark.parametrize(("old", "new", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_marks_are_those_a_reader_would_make(old: str, new: str, expected: str) -> None:
    assert written(mark(old, new)) == expected


def test_a_long_text_is_marked_inside_its_sentences() -> None:
    old = "".join(f"第{number}项工作已经完成，投入资金{number * 37}万元。" for number in range(200))
    new = old.replace("第90项工作已经", "第90项任务已经").replace("第120项工作已经完成，投入资金4440万元。", "")
    shown = written(mark(old, new + "全部结束。"))
    assert "第90项[-工作-]{+任务+}已经" in shown
    assert "[-第120项工作已经完成，投入资金4440万元。-]" in shown
    assert shown.endswith("{+全部结束。+}")
    assert shown.count("[-") == 2


def test_a_long_sentence_that_has_nothing_in_common_is_replaced_whole() -> None:
    old, new = "甲" * 2500, "乙" * 2500
    assert [span.kind for span in mark(old, new)] == ["delete", "insert"]


TEXT = st.text(
    st.one_of(
        st.sampled_from("责任编辑王小明晓，,。．%％０1２3aB·é\u0301\u200d👨👩🏻🇨🇳𠮷 \n"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


@given(TEXT, TEXT)
def test_both_sides_are_rebuilt_exactly_and_what_is_equal_is_equal(old: str, new: str) -> None:
    spans = mark(old, new)
    assert "".join(span.old for span in spans) == old
    assert "".join(span.new for span in spans) == new
    kinds = [span.kind for span in spans]
    assert all(one != other for one, other in pairwise(kinds))
    for span in spans:
        assert span.kind != "equal" or len(fold_width(span.old)) > 0


@given(TEXT, TEXT)
def test_no_mark_begins_inside_a_grapheme(old: str, new: str) -> None:
    spans = mark(old, new)
    for side, text in (("old", old), ("new", new)):
        starts, at = set(), 0
        for token in tokens(text):
            starts.add(at)
            at += len(token)
        at = 0
        for span in spans:
            part = getattr(span, side)
            assert not part or at in starts
            at += len(part)


@given(TEXT)
def test_tokens_are_the_whole_text(text: str) -> None:
    assert "".join(tokens(text)) == text
