"""`decide`, as a table of cases and as properties of whole histories."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.decide import Policy, carry_over, decide
from core.model import (
    Attachment,
    ChangeKind,
    Content,
    Decision,
    FailureKind,
    FetchFailure,
    FieldChange,
    Head,
    NormalText,
    PageState,
    Presence,
    Quality,
    QualityKind,
    Reading,
    SameAs,
)
from core.normalize import fingerprint

T0 = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY = Policy(confirmations=3, hold=timedelta(hours=6))

A = NormalText("标题", "2026-01-01", "教育厅", "白婉苹", ("第一段。", "第二段。"), ())
B = replace(A, editor="贺茜")
FILE = (Attachment("附件1", "http://example.gov.cn/1.pdf"),)


def ok(text: NormalText) -> Reading:
    return Reading(Quality(QualityKind.OK), "r1", text)


def bad(kind: QualityKind, reason: str = "why") -> Reading:
    return Reading(Quality(kind, reason), "r1")


def head(text: NormalText) -> Head:
    return Head.of(1, fingerprint(text), "r1", text)


def present(text: NormalText = A) -> PageState:
    return PageState(Presence.PRESENT, head(text), last_good_at=T0)


def check(
    state: PageState, observed: Reading | SameAs | FetchFailure, known: tuple[NormalText, ...] = (), at=T0 + DAY
) -> Decision:
    marks = {fingerprint(text) for text in known}
    return decide(state, observed, at, POLICY, marks.__contains__)


GOOD = [
    ("nothing known", PageState(), A, (), Content.FIRST_SEEN, None, ()),
    ("the same text", present(), A, (A,), Content.SAME, None, ()),
    (
        "the same in full width",
        present(replace(A, title="（１）")),
        replace(A, title="(1)"),
        (),
        Content.SAME,
        None,
        (),
    ),
    ("another editor", present(), B, (A,), Content.CHANGED, ChangeKind.CHANGED, ("editor",)),
    ("an earlier version", present(B), A, (A, B), Content.REVERTED, ChangeKind.REVERTED, ("editor",)),
    (
        "back after removal",
        replace(present(), presence=Presence.REMOVED),
        A,
        (A,),
        Content.SAME,
        ChangeKind.RESTORED,
        (),
    ),
    ("back after moving", replace(present(), presence=Presence.MOVED), A, (A,), Content.SAME, ChangeKind.RESTORED, ()),
    (
        "back and edited",
        replace(present(), presence=Presence.REMOVED),
        B,
        (A,),
        Content.CHANGED,
        ChangeKind.RESTORED,
        ("editor",),
    ),
    (
        "seen first after being told removed",
        PageState(Presence.REMOVED),
        A,
        (),
        Content.FIRST_SEEN,
        ChangeKind.RESTORED,
        (),
    ),
    ("editor gone", present(), replace(A, editor=""), (A,), Content.CHANGED, ChangeKind.CHANGED, ("editor",)),
    ("editor not observable", present(), replace(A, editor=None), (A,), Content.SAME, None, ()),
    (
        "attachments observed for the first time",
        present(replace(A, attachments=None)),
        replace(A, attachments=FILE),
        (),
        Content.SAME,
        None,
        (),
    ),
    (
        "an attachment added",
        present(),
        replace(A, attachments=FILE),
        (A,),
        Content.CHANGED,
        ChangeKind.CHANGED,
        ("attachments",),
    ),
    (
        "two fields",
        present(),
        replace(B, body=("第一段。",)),
        (A,),
        Content.CHANGED,
        ChangeKind.CHANGED,
        ("editor", "body"),
    ),
]


@pytest.mark.parametrize(
    ("state", "text", "known", "content", "kind", "fields"), [c[1:] for c in GOOD], ids=[c[0] for c in GOOD]
)
def test_a_good_reading_is_judged(state, text, known, content, kind, fields) -> None:
    decision = check(state, ok(text), known)
    assert decision.verdict.content is content
    assert decision.verdict.presence is Presence.PRESENT
    assert (decision.change.kind if decision.change else None) is kind
    assert (
        tuple(f.field for f in decision.change.fields if decision.change) == fields if decision.change else not fields
    )
    assert decision.shown is not None
    assert decision.state.last_good_at == T0 + DAY
    assert decision.state.absent_count == 0


def test_a_changed_editor_is_told_with_both_names_and_the_time_between() -> None:
    change = check(present(), ok(B)).change
    assert change is not None
    assert change.fields == (FieldChange("editor", "白婉苹", "贺茜"),)
    assert (change.last_good_at, change.seen_at) == (T0, T0 + DAY)


@pytest.mark.parametrize(
    ("state", "text", "content"),
    [
        (present(), A, Content.REPROCESSED),
        (PageState(Presence.PRESENT), A, Content.REPROCESSED),
        (present(), B, Content.CHANGED),
    ],
)
def test_what_differs_only_by_the_rules_is_told_as_reprocessed(state, text, content) -> None:
    decision = decide(state, ok(text), T0, POLICY, lambda mark: False, reprocessed=True)
    assert decision.verdict.content is content
    assert (decision.change is None) is (content is Content.REPROCESSED)


def same_as(version: int, kind: QualityKind = QualityKind.OK) -> SameAs:
    return SameAs(version, "r1", Quality(kind))


@pytest.mark.parametrize("kind", [QualityKind.NOT_MODIFIED, QualityKind.OK])
def test_a_304_and_a_capture_known_again_mean_the_text_of_the_head(kind: QualityKind) -> None:
    decision = check(present(), same_as(1, kind))
    assert decision.verdict.content is Content.SAME
    assert (decision.text, decision.shown, decision.fingerprint) == (None, A, fingerprint(A))
    assert decision.state.last_good_at == T0 + DAY


def test_what_is_the_same_as_the_head_restores_a_page_and_under_other_rules_is_told_as_reprocessed() -> None:
    restored = check(replace(present(), presence=Presence.REMOVED), same_as(1))
    assert (restored.verdict.content, restored.change and restored.change.kind) == (
        Content.SAME,
        ChangeKind.RESTORED,
    )
    again = decide(present(), same_as(1), T0, POLICY, lambda mark: False, reprocessed=True)
    assert (again.verdict.content, again.change) == (Content.REPROCESSED, None)


def test_an_unwatched_field_makes_a_version_but_nothing_is_told() -> None:
    decision = decide(present(), ok(B), T0, replace(POLICY, watch=("body",)), lambda mark: False)
    assert decision.verdict.content is Content.CHANGED
    assert decision.change is None
    assert decision.text == B


@pytest.mark.parametrize(
    "observed",
    [
        FetchFailure("http://x/", FailureKind.DNS, "no such host", T0, T0),
        bad(QualityKind.BLOCKED),
        bad(QualityKind.ERROR_PAGE),
        bad(QualityKind.PARTIAL),
        bad(QualityKind.SUSPECT),
        bad(QualityKind.NOT_MODIFIED),
        bad(QualityKind.OK),
        SameAs(2, "r1", Quality(QualityKind.OK)),
    ],
)
@pytest.mark.parametrize("state", [PageState(), present(), replace(present(), presence=Presence.REMOVED)])
def test_a_bad_check_is_unknown_and_moves_nothing(state, observed) -> None:
    decision = check(state, observed)
    assert (decision.verdict.presence, decision.verdict.content) == (Presence.UNKNOWN, Content.NONE)
    assert decision.verdict.reason
    assert decision.state == state
    assert decision.shown is None
    assert decision.change is None


@pytest.mark.parametrize(
    ("quality", "presence", "kind"),
    [
        (QualityKind.GONE, Presence.REMOVED, ChangeKind.REMOVED),
        (QualityKind.MOVED, Presence.MOVED, ChangeKind.MOVED),
    ],
)
def test_an_absence_is_told_once_after_enough_answers_over_enough_time(quality, presence, kind) -> None:
    state, told = present(), []
    for hours in (24, 25, 26, 29, 30, 31):
        decision = check(state, bad(quality), at=T0 + timedelta(hours=hours))
        told.append((decision.verdict.presence, decision.change.kind if decision.change else None))
        state = decision.state
    waiting = (Presence.UNKNOWN, None)
    assert told == [waiting, waiting, waiting, waiting, (presence, kind), (presence, None)]
    assert state.head == head(A)


def test_too_few_answers_are_not_enough_however_long_they_take() -> None:
    first = check(present(), bad(QualityKind.GONE))
    second = check(first.state, bad(QualityKind.GONE), at=T0 + 30 * DAY)
    assert second.change is None
    assert "2 of 3" in second.verdict.reason


@pytest.mark.parametrize(
    ("hold", "said"),
    [(timedelta(hours=6), "6 h"), (timedelta(minutes=1), "1 min"), (timedelta(minutes=90), "90 min")],
)
def test_how_long_an_absence_must_last_is_told_in_a_round_number(hold: timedelta, said: str) -> None:
    decision = decide(present(), bad(QualityKind.GONE), T0, Policy(3, hold), lambda mark: False)
    assert f"1 of 3 answers, over at least {said}, that make it removed" in decision.verdict.reason


LONG = replace(A, body=tuple(f"第{number}段，说明会议的内容与下一步安排。" for number in range(20)))
ELSE = NormalText("首页", "", "", "", ("欢迎访问本网站。",), None)


def test_a_text_that_hardly_can_be_the_page_is_doubted_and_told_only_when_it_stays() -> None:
    state, said = present(LONG), []
    for hours in (0, 4, 8):
        decision = decide(state, ok(ELSE), T0 + timedelta(hours=hours), Policy(), lambda mark: False)
        state = decision.state
        said.append((decision.verdict.presence, decision.verdict.content))
    unknown = (Presence.UNKNOWN, Content.NONE)
    assert said == [unknown, unknown, (Presence.PRESENT, Content.CHANGED)]
    assert decision.change is not None
    assert state.absent_as is None


def test_a_doubt_ends_with_the_first_good_answer_and_a_known_version_is_not_doubted() -> None:
    doubted = decide(present(LONG), ok(ELSE), T0, Policy(), lambda mark: False)
    assert "suspect: " in doubted.verdict.reason
    assert doubted.text is None
    assert decide(doubted.state, ok(LONG), T0, Policy(), lambda mark: True).state.absent_count == 0
    assert decide(present(LONG), ok(ELSE), T0, Policy(), lambda mark: True).verdict.content is Content.REVERTED


def test_another_kind_of_absence_starts_a_new_run() -> None:
    first = check(present(), bad(QualityKind.GONE))
    second = check(first.state, bad(QualityKind.MOVED))
    assert (second.state.absent_as, second.state.absent_count) == (Presence.MOVED, 1)


def test_a_failure_inside_a_run_of_absences_neither_counts_nor_breaks_it() -> None:
    first = check(present(), bad(QualityKind.GONE))
    between = check(first.state, bad(QualityKind.BLOCKED))
    assert between.state == first.state


def test_a_good_check_ends_a_run_of_absences() -> None:
    first = check(present(), bad(QualityKind.GONE))
    assert check(first.state, ok(A)).state.absent_as is None


def test_what_a_text_capture_cannot_show_is_carried_over() -> None:
    text = replace(A, attachments=None)
    assert carry_over(text, replace(A, attachments=FILE)).attachments == FILE
    assert carry_over(A, B) is A


def test_a_change_of_attachments_is_seen_across_a_capture_that_cannot_show_them() -> None:
    with_file = replace(A, attachments=FILE)
    between = check(present(with_file), ok(replace(A, attachments=None)))
    assert between.verdict.content is Content.SAME
    assert between.text == with_file


texts = st.builds(
    NormalText,
    title=st.sampled_from(["甲", "乙"]),
    published=st.just("2026-01-01"),
    source=st.just(""),
    editor=st.sampled_from(["", "白婉苹", "贺茜"]),
    body=st.lists(st.sampled_from(["一", "二"]), max_size=2).map(tuple),
    attachments=st.sampled_from([None, (), FILE]),
)
observations = st.one_of(
    texts.map(ok),
    st.sampled_from([bad(k) for k in (QualityKind.GONE, QualityKind.MOVED, QualityKind.BLOCKED, QualityKind.PARTIAL)]),
    st.just(FetchFailure("http://x/", FailureKind.TIMEOUT, "slow", T0, T0)),
)


@given(st.lists(observations, max_size=12))
def test_same_is_only_said_of_what_equals_the_last_good_text(history) -> None:
    state, versions, last = PageState(), set(), None
    for day, observed in enumerate(history):
        decision = decide(state, observed, T0 + day * DAY, POLICY, versions.__contains__)
        if decision.text is None:
            assert decision.verdict.content is Content.NONE
            state = decision.state
            continue
        if decision.verdict.content is Content.SAME:
            assert last is not None
            assert replace(decision.text, attachments=last.attachments) == last
        if decision.verdict.content is Content.CHANGED:
            assert decision.fingerprint not in versions
            assert decision.change is not None
        versions.add(decision.fingerprint)
        last = decision.text
        state = replace(decision.state, head=Head.of(1, decision.fingerprint, "r1", decision.text))
