"""Claims about the canonical form of a text and its fingerprint."""

import sys
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.fold import fold_width
from core.model import Attachment, NormalText
from core.normalize import FINGERPRINT_VERSION, canonical, clean_line, clean_lines, comparable, fingerprint

TEXT = NormalText(
    title="云岭县召开现场会",
    published="2023-05-22T14:50:00+08:00",
    source="云岭县教育局",
    editor="苏可明",
    body=("第一段，共36辆。", "第二段（完）。"),
    attachments=(Attachment("名单.pdf", "http://a.cn/1.pdf"),),
)
WIDEN = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
lines = st.text(st.characters(codec="utf-8"), max_size=60)


@given(lines)
def test_cleaning_and_folding_twice_changes_nothing_more(line: str) -> None:
    assert clean_line(clean_line(line)) == clean_line(line)
    assert canonical(canonical(line)) == canonical(line)


@given(st.lists(lines | st.text(" \u3000\u00a0\n\t甲,(１•\u200b\ufe0f", max_size=9), max_size=4))
def test_many_lines_at_once_are_cleaned_and_compared_as_one_by_one(texts: list[str]) -> None:
    assert clean_lines(texts) == [line for line in map(clean_line, texts) if line]
    assert comparable(tuple(texts)) == tuple(line for text in texts for line in comparable(text))


@given(st.lists(st.text("云岭县召开 现场会,.(:)a1é\n", max_size=30), max_size=5))
def test_width_space_and_composition_make_no_difference(paragraphs: list[str]) -> None:
    plain = replace(TEXT, body=tuple(paragraphs))
    shown = tuple(
        "\u3000\u3000\u200b" + unicodedata.normalize("NFD", text).translate(WIDEN).replace("\n", "\u00a0\n ") + "\ufeff"
        for text in paragraphs
    )
    assert fingerprint(replace(TEXT, body=shown)) == fingerprint(plain)


@given(st.data())
def test_any_edit_of_one_character_changes_the_fingerprint(data: st.DataObject) -> None:
    assert TEXT.body is not None
    text = TEXT.body[0]
    at = data.draw(st.integers(0, len(text) - 1))
    new = data.draw(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Z", "M", "Cn", "Co")))
    assume(canonical(new) != canonical(text[at]))
    edited = replace(TEXT, body=(text[:at] + new + text[at + 1 :], TEXT.body[1]))
    assume(canonical(edited.body[0]) != canonical(text))  # type: ignore[index]
    assert fingerprint(edited) != fingerprint(TEXT)


def test_every_field_counts() -> None:
    others = [
        replace(TEXT, title="甲"),
        replace(TEXT, published="2023-05-22"),
        replace(TEXT, source="甲"),
        replace(TEXT, editor="甲"),
        replace(TEXT, body=("甲",)),
        replace(TEXT, attachments=(Attachment("名单.pdf", "http://a.cn/2.pdf"),)),
        replace(TEXT, attachments=(Attachment("表.pdf", "http://a.cn/1.pdf"),)),
        replace(TEXT, source=TEXT.editor, editor=TEXT.source),
    ]
    assert len({fingerprint(text) for text in (TEXT, *others)}) == len(others) + 1


def test_where_a_paragraph_ends_counts() -> None:
    assert fingerprint(replace(TEXT, body=("甲乙", "丙"))) != fingerprint(replace(TEXT, body=("甲", "乙丙")))
    assert fingerprint(replace(TEXT, body=("甲", "乙"))) != fingerprint(replace(TEXT, body=("甲\n乙",)))


def test_what_is_empty_or_not_observable_is_not_hashed() -> None:
    empty = replace(TEXT, editor="", attachments=())
    assert fingerprint(empty) == fingerprint(replace(TEXT, editor=None, attachments=None))
    assert fingerprint(replace(TEXT, body=("甲", " ", "\u200b"))) == fingerprint(replace(TEXT, body=("甲",)))


def test_the_first_byte_tells_the_algorithm() -> None:
    assert fingerprint(TEXT)[0] == FINGERPRINT_VERSION
    assert len(fingerprint(TEXT)) == 17


def test_full_width_ascii_and_its_space_are_folded_and_no_other_letter() -> None:
    letters = "".join(map(chr, range(sys.maxunicode + 1)))
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
    assert fold_width(letters) == letters.translate(wide)


def test_a_power_is_not_folded_into_digits() -> None:
    assert fingerprint(replace(TEXT, title="10²")) != fingerprint(replace(TEXT, title="102"))
    assert len(fold_width("（２）")) == 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("现场会\n在青石镇", "现场会在青石镇", True),
        ("现场会，\n在 青 石 镇", "现场会，在青石镇", True),
        ("（一） 校车 （二）台账", "(一)校车(二)台账", True),
        ("共 36 辆", "共36辆", False),
        ("3 6辆", "36辆", False),
        ("school bus", "schoolbus", False),
        ("甲 | 5", "甲| 5", False),
        ("• 第一点", "第一点", True),
        ("- 第一点", "第一点", True),
        ("-5度", "5度", False),
        ("•", "", False),
    ],
)
def test_white_space_between_chinese_characters_and_bullets_are_no_difference(one: str, other: str, same: bool) -> None:
    assert (comparable((one,)) == comparable((other,))) is same
    assert (fingerprint(replace(TEXT, body=(one,))) == fingerprint(replace(TEXT, body=(other,)))) is same


def test_no_line_is_lost_for_its_bullet() -> None:
    assert [len(comparable((line,))) for line in ("•", "- ", "•甲")] == [1, 1, 1]


@given(st.text(st.sampled_from("字a \t\u3000\xa0\u200b\xad\ufe0e\ufe0f\U0001f600"), max_size=12))
def test_a_clean_line_is_its_words_with_a_blank_between_and_nothing_unseen(text: str) -> None:
    seen = "".join(letter for letter in text if letter not in "\u200b\xad\ufe0e\ufe0f")
    assert clean_line(text) == " ".join(seen.split())
