"""What certainly belongs together in two lists: what is unique, what shares a clause, what few edits leave."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from core.anchors import anchors, anchors_by_clause, few_edits, sharing_clauses

LINES = st.lists(st.sampled_from("甲乙丙"), max_size=12)


def longest(old: list[str], new: list[str]) -> int:
    """Return the length of the longest common subsequence, by the book."""
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, one in enumerate(old):
        for j, other in enumerate(new):
            best[i + 1][j + 1] = best[i][j] + 1 if one == other else max(best[i][j + 1], best[i + 1][j])
    return best[-1][-1]


@given(LINES, LINES)
def test_few_edits_leave_a_longest_common_subsequence(old: list[str], new: list[str]) -> None:
    found = few_edits(old, new)
    assert len(found) == longest(old, new)
    assert all(old[i] == new[j] for i, j in found)
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in itertools.pairwise(found))


def test_many_edits_are_given_up() -> None:
    assert few_edits(["甲"] * 40, ["乙"] * 40) == []
    assert len(few_edits(["甲"] * 40, ["乙", *["甲"] * 40])) == 40


def test_what_is_unique_on_both_sides_anchors_in_the_longest_order() -> None:
    assert anchors(["一", "二", "三", "四", "四"], ["三", "一", "二", "四", "四"]) == [(0, 1), (1, 2)]


def test_a_clause_that_stands_in_no_other_text_tells_two_apart() -> None:
    old = ["全县共有学校三十六所,其中小学十八所。", "会议由副县长主持。会议要求压实责任。"]
    new = ["会议由副县长主持,会议强调防范风险。", "其中小学十八所。"]
    assert sharing_clauses(old, new) == [(0, 1), (1, 0)]
    assert sharing_clauses([old[1], old[1] + "完。"], new) == []


CLAUSES = st.permutations([f"第{number}句话说的是这件事" for number in range(8)]).map(lambda row: "。".join(row[:5]))


@given(st.lists(CLAUSES, max_size=4), st.lists(CLAUSES, max_size=4))
def test_what_shares_clauses_with_several_texts_is_taken_once(old: list[str], new: list[str]) -> None:
    pieces = [[text[: len(text) // 2], text[len(text) // 2 :]] for text in new]
    found = anchors_by_clause(old, [piece for pair in pieces for piece in pair])
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in itertools.pairwise(found))


def test_a_text_cut_in_two_is_not_anchored_twice() -> None:
    first, second = "会议要求各单位抓紧排查", "能立即整改的要马上整改"
    assert anchors_by_clause([f"{first}。{second}"], [first, "别的", second]) == [(0, 0)]
