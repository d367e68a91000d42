"""Grouping: a redesign is one notice, a flapping page is one, everything else stays single, and nothing is left out."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.grouping import Group, Told, grouped, likeness
from core.model import NormalText

T0 = datetime(2024, 5, 1, tzinfo=UTC)
A = NormalText("题一", "2024-05-01", "源", "甲", ("第一段。", "末段。"), None)
B = replace(A, title="题二", body=("另一篇的第一段。", "末段。"))


def told(
    number: int, page: int = 1, hours: int = 0, like: bytes = b"", turn: tuple[int, int] | None = (1, 2), host="a"
):
    return Told(number, page, host, T0 - timedelta(hours=hours), like or bytes([number]), turn)


def kinds(groups: list[Group]) -> list[tuple[str, list[int]]]:
    return [(group.kind, [change.id for change in group.changes]) for group in groups]


def test_the_same_lines_in_and_out_are_alike_whatever_else_the_pages_say() -> None:
    def redesigned(text: NormalText) -> NormalText:
        return replace(text, body=(*(text.body or ())[:-1], "新的末段。"))

    assert likeness(A, redesigned(A), ["body"]) == likeness(B, redesigned(B), ["body"])
    assert likeness(A, redesigned(A), ["body"]) != likeness(redesigned(A), A, ["body"])
    assert likeness(A, replace(A, editor="乙"), ["editor"]) != likeness(A, replace(A, editor="丙"), ["editor"])


def test_one_change_on_many_pages_of_a_host_is_a_redesign() -> None:
    changes = [
        told(9, page=9),
        *(told(n, page=n, hours=n, like=b"x") for n in (1, 2, 3)),
        told(4, page=4, like=b"x", host="b"),
    ]
    assert kinds(grouped(changes)) == [("single", [9]), ("redesign", [1, 2, 3]), ("single", [4])]


def test_alike_on_two_pages_or_a_round_apart_is_no_redesign() -> None:
    assert {group.kind for group in grouped([told(n, page=n, like=b"x") for n in (1, 2)])} == {"single"}
    apart = [told(n, page=n, hours=30 * n, like=b"x") for n in (1, 2, 3)]
    assert {group.kind for group in grouped(apart)} == {"single"}


def test_removals_are_never_a_redesign() -> None:
    assert {group.kind for group in grouped([told(n, page=n, like=b"x", turn=None) for n in (1, 2, 3)])} == {"single"}


def test_a_page_that_goes_to_and_fro_is_flapping() -> None:
    turns = [(2, 1), (1, 2), (2, 1), (1, 2), (3, 1), (1, 3)]
    changes = [told(n, hours=n, turn=turn) for n, turn in enumerate(turns)]
    assert kinds(grouped(changes)) == [("flapping", [0, 1, 2, 3]), ("single", [4]), ("single", [5])]


def test_a_removal_ends_the_flapping() -> None:
    turns = [(2, 1), (1, 2), None, (2, 1), (1, 2)]
    changes = [told(n, hours=n, turn=turn) for n, turn in enumerate(turns)]
    assert {group.kind for group in grouped(changes)} == {"single"}


TURN = st.one_of(st.none(), st.tuples(st.integers(1, 3), st.integers(1, 3)))


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from([b"x", b"y"]), TURN), max_size=25))
def test_every_change_is_told_exactly_once(given: list[tuple[int, bytes, tuple[int, int] | None]]) -> None:
    changes = [told(n, page, n, like, turn) for n, (page, like, turn) in enumerate(given)]
    groups = grouped(changes)
    assert sorted(change.id for group in groups for change in group.changes) == list(range(len(changes)))
    assert [group.changes[0].id for group in groups] == sorted(group.changes[0].id for group in groups)
