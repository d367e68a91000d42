"""Replay, the pure half: which steps a history has under other rules, and where it turns."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from core.decide import Policy
from core.model import Attachment, NormalText, Quality, QualityKind, Reading
from core.replay import Turn, replay, turns

T0 = datetime(2024, 5, 1, tzinfo=UTC)
A = NormalText("题", "2024-05-01", "源", "甲", ("第一段。",), None)
B = replace(A, editor="乙")
FILE = (Attachment("附件", "https://a.cn/1"),)


def at(day: int) -> datetime:
    return T0 + timedelta(days=day)


def ok(text: NormalText) -> Reading:
    return Reading(Quality(QualityKind.OK), "r", text)


def test_only_good_captures_are_steps_and_what_was_not_observable_is_carried_over() -> None:
    bad = Reading(Quality(QualityKind.BLOCKED, "a challenge"), "r")
    readings = [(at(0), 1, ok(replace(A, attachments=FILE))), (at(1), 2, bad), (at(2), 3, ok(A)), (at(3), 4, ok(B))]
    readings = [(*given, Policy()) for given in readings]
    steps = replay(readings)
    assert [(step.at, step.capture) for step in steps] == [(at(0), 1), (at(2), 3), (at(3), 4)]
    assert [step.text.attachments for step in steps] == [FILE, FILE, FILE]
    assert steps[0].fingerprint == steps[1].fingerprint != steps[2].fingerprint
    assert turns([(step.at, step.text) for step in steps]) == [Turn(at(3), ("editor",))]


def test_a_page_that_was_gone_and_came_back_the_same_has_no_turn() -> None:
    gone = Reading(Quality(QualityKind.GONE, "404"), "r")
    readings = [(at(0), 1, ok(A)), *((at(day), day, gone) for day in range(1, 6)), (at(6), 7, ok(A))]
    readings = [(*given, Policy()) for given in readings]
    steps = replay(readings)
    assert len(steps) == 2
    assert turns([(step.at, step.text) for step in steps]) == []
