"""Reading a page's history again under other rules: what it then showed, and which changes come or go."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from core.compare import changed_fields
from core.decide import Policy, decide
from core.model import Head, NormalText, PageState, Presence, Reading


class Step(Struct, frozen=True):
    """One good capture read under the rules of the replay: when it was checked, and what it showed."""

    at: datetime
    capture: int
    reading: Reading
    text: NormalText
    fingerprint: bytes


class Turn(Struct, frozen=True):
    """A moment at which a history changes its text, and the fields that differ."""

    at: datetime
    fields: tuple[str, ...]


def replay(readings: Iterable[tuple[datetime, int, Reading, Policy]]) -> list[Step]:
    """Return the good steps among readings in order of time, each judged as a live check would have been."""
    state, steps, known = PageState(), list[Step](), set[bytes]()
    for at, capture, reading, policy in readings:
        decision = decide(state, reading, at, policy, known.__contains__)
        state = decision.state
        if decision.text is not None:
            known.add(decision.fingerprint)
            head = Head.of(0, decision.fingerprint, reading.rules_id, decision.text)
            state = replace(state, head=head, presence=Presence.PRESENT)
            steps.append(Step(at, capture, reading, decision.text, decision.fingerprint))
    return steps


def turns(shown: Sequence[tuple[datetime, NormalText]]) -> list[Turn]:
    """Return the turns of a history, given as texts with the time from which each was shown."""
    found = []
    for (_, old), (at, new) in pairwise(shown):
        fields = tuple(change.field for change in changed_fields(old, new))
        if fields:
            found.append(Turn(at, fields))
    return found
