"""Aligning paragraphs: what stayed, was edited, came or went, at any size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.align import Pair, align, similarity

A, B, C, D = (
    "会议指出要做好防汛工作。",
    "全县投入四百余万元更新校车。",
    "与会人员考察了停靠点。",
    "最后县长作了总结讲话。",
)
B2 = "全县投入五百余万元更新校车。"

CASES: list[tuple[str, list[str], list[str], list[Pair]]] = [
    ("nothing", [], [], []),
    ("all the same", [A, B], [A, B], [(0, 0), (1, 1)]),
    ("one added", [A, C], [A, B, C], [(0, 0), (None, 1), (1, 2)]),
    ("one taken out", [A, B, C], [A, C], [(0, 0), (1, None), (2, 1)]),
    ("one edited", [A, B, C], [A, B2, C], [(0, 0), (1, 1), (2, 2)]),
    ("edited beside a new one", [A, B, C], [A, D, B2, C], [(0, 0), (None, 1), (1, 2), (2, 3)]),
    ("replaced by another", [A, B], [A, D], [(0, 0), (1, None), (None, 1)]),
    ("all new", [], [A, B], [(None, 0), (None, 1)]),
    ("all gone", [A, B], [], [(0, None), (1, None)]),
    ("two changed places", [A, B], [B, A], [(0, None), (1, 0), (None, 1)]),
    (
        "moved away from where the like of it came",
        ["同意第1号申请。", A, B],
        ["同意第2号申请。", A, B, "同意第1号申请。"],
        [(0, None), (None, 0), (1, 1), (2, 2), (None, 3)],
    ),
    ("repeated lines", ["一", "一", A], ["一", A], [(0, 0), (1, None), (2, 1)]),
    ("an end in common", [D, "一", "一"], [A, B2, "一", "一"], [(0, None), (None, 0), (None, 1), (1, 2), (2, 3)]),
]


@pytest.mark.parametrize(("old", "new", "pairs"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_lists_are_aligned_as_a_reader_would(old: list[str], new: list[str], pairs: list[Pair]) -> None:
    assert align(old, new) == pairs


def test_a_gap_of_hundreds_is_paired_by_likeness() -> None:
    old = [f"第{number}条规定的内容与旧办法一致" for number in range(300)]
    new = ["新加的一条", *(line.replace("旧", "新") for line in old)]
    assert align(old, new) == [(None, 0), *((number, number + 1) for number in range(300))]


def test_a_gap_of_thousands_is_paired_place_by_place() -> None:
    old = [f"第{number}条规定的内容与旧办法一致" for number in range(1500)] + ["旧的一条"]
    new = [f"第{number}条规定的内容与新办法一致" for number in range(1400)] + ["完全不同的文字"] * 3
    pairs = align(old, new)
    assert pairs[:1400] == [(number, number) for number in range(1400)]
    assert (1400, None) in pairs
    assert (None, 1400) in pairs


def test_the_likeness_of_long_texts_is_told_from_a_sample() -> None:
    long = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(9000))
    assert similarity(long, long) == 1
    assert similarity(long, "".join(chr(0x8E00 + number * 7919 % 2000) for number in range(9000))) < 0.1
    half = similarity(long, long[:4500] + "甲" * 4500)
    assert 0.4 < half < 0.8


def test_likeness_is_the_share_of_letter_pairs_in_common() -> None:
    assert similarity(A, A) == 1
    assert similarity(A, "xyz") == 0
    assert 0.4 < similarity(B, B2) < 1
    assert similarity("一", "一二三四五六") == similarity("一二三四五六", "一")


LINES = st.lists(st.sampled_from([A, B, B2, C, D, "", "一"]) | st.text(max_size=5), max_size=14)


@given(LINES, LINES)
def test_every_place_stands_exactly_once_and_in_order(old: list[str], new: list[str]) -> None:
    pairs = align(old, new)
    assert [i for i, _ in pairs if i is not None] == list(range(len(old)))
    assert [j for _, j in pairs if j is not None] == list(range(len(new)))
    assert (None, None) not in pairs


@given(LINES)
def test_a_list_is_aligned_with_itself(lines: list[str]) -> None:
    assert align(lines, lines) == [(at, at) for at in range(len(lines))]
