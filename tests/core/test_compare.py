"""Which fields differ: exactly those whose hashed values differ, and never what a side could not observe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.compare import changed_fields
from core.model import FIELDS, Attachment, FieldChange, NormalText
from core.normalize import canonical, comparable, fingerprint

TEXT = NormalText(
    title="云岭县（试行）",
    published="2023-05-22T14:50:00+08:00",
    source="",
    editor="苏可明",
    body=("第一段，\u3000共36辆。", " ", "cafe\u0301"),
    attachments=(Attachment("附件１：\u00a0名单.pdf ", "http://a.cn/Ａ 1.pdf"), Attachment("", "")),
)


def test_the_fingerprint_of_a_text_stays_what_it_is() -> None:
    assert fingerprint(replace(TEXT, editor=None)).hex() == "02cb1a7b0992f88afae0a50da6ee6a8b6f"


def test_what_is_compared_are_canonical_lines_without_the_empty_ones() -> None:
    assert comparable(TEXT.body) == ("第一段,共36辆。", "café")
    assert comparable(TEXT.attachments) == ("附件1:名单.pdf http://a.cn/A 1.pdf",)
    assert comparable("") == comparable(None) == ()


def test_the_old_and_the_new_value_of_a_line_are_told_as_shown() -> None:
    new = replace(TEXT, editor="贺茜", title="云岭县(试行)", body=("另一段。",), source=None)
    assert changed_fields(TEXT, new) == (FieldChange("editor", "苏可明", "贺茜"), FieldChange("body", "", ""))


@pytest.mark.parametrize("name", FIELDS)
def test_what_a_side_could_not_observe_is_not_compared(name: str) -> None:
    other = NormalText("甲", "乙", "丙", "丁", ("戊",), (Attachment("己", "庚"),))
    assert [change.field for change in changed_fields(TEXT, replace(other, **{name: None}))] == [
        field for field in FIELDS if field != name
    ]


@pytest.mark.parametrize("sign", ["☎", "\u00a0☎", "\u200b☎ ", "☎\ufe0f", "\u00a0☎\ufe0e", "\ufeff☎\ufe0f"])
def test_a_sign_is_the_same_as_emoji_as_text_and_beside_what_cannot_be_seen(sign: str) -> None:
    assert canonical(sign) == "☎"


LINE = st.text("甲乙（(１1 \u200b\u00a0é\u0301e☎\ufe0f", max_size=3)
FILES = st.lists(st.builds(Attachment, LINE, LINE), max_size=2).map(tuple)
TEXTS = st.builds(NormalText, LINE, LINE, LINE, LINE, st.lists(LINE, max_size=2).map(tuple), FILES)


@given(TEXTS, TEXTS)
def test_a_field_differs_exactly_where_the_fingerprint_does(old: NormalText, new: NormalText) -> None:
    assert bool(changed_fields(old, new)) is (fingerprint(old) != fingerprint(new))
