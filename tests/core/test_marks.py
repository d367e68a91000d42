"""Marks inside a text: the size at which a reader would mark, whole graphemes, and both sides rebuilt exactly."""

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.fold import fold_width
from core.marks import Span, mark
from core.tokens import tokens

CASES = [
    ("widths of a word and a time", "用Ｗord于10：08制", "用Word于10:08制", "用Word于10:08制"),
    ("words joined", "see e-mail, don’t", "see e-mails, don’ts", "see [-e-mail-]{+e-mails+}, [-don’t-]{+don’ts+}"),
    ("a word in pieces", "cafe\u0301s开", "caf\u00e9s开", "caf\u00e9s开"),
    ("a Uyghur word", "شىنجاڭ خەلق", "شىنجاڭ خەلقى", "شىنجاڭ [-خەلق-]{+خەلقى+}"),
    ("Hangul in pieces", "\u1112\u1161\u11ab글", "한글", "한글"),
    (
        "a flag of tags",
        "🏴\U000e0067\U000e0062旗",
        "🏴\U000e0067\U000e0063旗",
        "[-🏴\U000e0067\U000e0062-]{+🏴\U000e0067\U000e0063+}旗",
    ),
    ("an emoji in colour", "☎\ufe0f电话", "☎电话", "[-☎\ufe0f-]{+☎+}电话"),
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


def test_a_long_text_that_has_nothing_in_common_is_replaced_whole() -> None:
    for old, new in (("甲" * 2500, "乙" * 2500), ("甲乙丙。" * 200, "子丑寅。" * 200)):
        assert [span.kind for span in mark(old, new)] == ["delete", "insert"]


def test_a_sentence_of_a_long_text_for_one_unlike_it_is_replaced_whole() -> None:
    old = "".join(f"第{number}项工作已经完成，投入资金{number * 37}万元。" for number in range(60))
    gone, come = "第30项工作已经完成，投入资金1110万元", "据气象部门预报，今夜有暴雨"
    assert written(mark(old, old.replace(gone, come))) == old.replace(gone, f"[-{gone}-]{{+{come}+}}")


def test_a_long_text_edited_in_every_sentence_is_marked_in_each() -> None:
    old = "".join(f"第{number}项工作已经完成，投入资金{number * 37}万元，用于改善道路条件。" for number in range(30))
    shown = written(mark(old, old.replace("完成", "办结")))
    assert shown == old.replace("完成", "[-完成-]{+办结+}")


def test_a_long_text_without_sentences_shows_the_words_that_differ() -> None:
    old = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(3000))
    new = old[:1000] + "新增" + old[1000:2000] + "改" + old[2001:]
    assert written(mark(old, new)) == f"{old[:1000]}{{+新增+}}{old[1000:2000]}[-{old[2000]}-]{{+改+}}{old[2001:]}"


SIGNS = st.one_of(
    st.sampled_from("责任编辑王小明晓,，.。．%％０1２3aBＢ·é\u0301\u200d👨👩🏻🇨🇳𠮷☎\ufe0f\u1112\u1161 \r\n"),
    st.characters(exclude_categories=["Cs"]),
)
SHORT = st.text(SIGNS, max_size=60)
LONG = st.lists(st.text(SIGNS, max_size=8), min_size=1, max_size=8).map(
    lambda parts: "中华人民共和国。".join(parts * 12)
)
TEXTS = st.tuples(SHORT, SHORT) | st.tuples(LONG, LONG) | st.tuples(SHORT, LONG)


@given(TEXTS)
def test_both_sides_are_rebuilt_exactly_and_what_is_equal_is_equal(texts: tuple[str, str]) -> None:
    spans = mark(*texts)
    assert ("".join(span.old for span in spans), "".join(span.new for span in spans)) == texts
    assert all(
        (one.kind, other.kind) not in (("equal", "equal"), ("insert", "delete")) for one, other in pairwise(spans)
    )
    for span in spans:
        alike = unicodedata.normalize("NFC", fold_width(span.old)) == unicodedata.normalize("NFC", fold_width(span.new))
        assert alike is (span.kind == "equal")
        assert (bool(span.old), bool(span.new)) == (span.kind != "insert", span.kind != "delete")


@given(TEXTS)
def test_no_mark_begins_inside_a_grapheme(texts: tuple[str, str]) -> None:
    spans = mark(*texts)
    for parts in ([span.old for span in spans if span.old], [span.new for span in spans if span.new]):
        for before, after in pairwise(parts):
            assert unicodedata.category(after[0]) not in ("Mn", "Me", "Mc")
            assert after[0] not in "\u200c\u200d🏻🏼🏽🏾🏿"
            assert before[-1] != "\u200d"
            assert (before[-1], after[0]) != ("\r", "\n")
            flags = re.search("[🇦-🇿]*$", before)
            assert after[0] not in "🇨🇳" or (flags and len(flags[0]) % 2 == 0)


@given(SHORT)
def test_tokens_are_the_whole_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@given(SHORT)
def test_a_text_in_other_widths_has_no_marks(text: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)
    assert all(span.kind == "equal" for span in mark(text, wide))
