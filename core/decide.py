"""The one judgement of the project: what a check says of a page, and what is to be written of it."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from core.compare import changed_fields
from core.model import (
    FIELDS,
    ChangeDraft,
    ChangeKind,
    Content,
    Decision,
    FetchFailure,
    FieldChange,
    Head,
    NormalText,
    PageState,
    Presence,
    QualityKind,
    Reading,
    SameAs,
    Verdict,
)
from core.normalize import fingerprint
from core.suspicion import suspicion

_ABSENT = {
    QualityKind.GONE: (Presence.REMOVED, ChangeKind.REMOVED),
    QualityKind.MOVED: (Presence.MOVED, ChangeKind.MOVED),
}


class Policy(Struct, frozen=True):
    """What the settings say of one page's telling.

    An absence is told after `confirmations` answers in a run that has lasted at least `hold`, and so long a text
    is doubted that hardly can be the page's; a change of the text is told when one of the `watch` fields differs.
    """

    confirmations: int = 3
    hold: timedelta = timedelta(hours=6)
    watch: Collection[str] = FIELDS


def decide(
    state: PageState,
    observed: Reading | SameAs | FetchFailure,
    now: datetime,
    policy: Policy,
    is_known: Callable[[bytes], bool],
    reprocessed: bool = False,
) -> Decision:
    """Judge one check. The head in `state` was read under the rules id of `observed`.

    `reprocessed` says that it had to be read again for that and came out otherwise, or (no head) that it can
    no longer be read: what is found unchanged is then `reprocessed`, and nobody is alarmed. `is_known` says
    whether the page has a version with that fingerprint under this rules id. What was found to be the same as a
    version that is not the head says nothing.
    """
    if isinstance(observed, FetchFailure):
        return _unknown(state, f"{observed.kind}: {observed.detail}")
    if isinstance(observed, SameAs):
        if state.head is None or state.head.version != observed.version:
            return _unknown(state, f"{observed.quality.kind}: as a version that is not the last one shown")
        return _shown(state, None, state.head.fingerprint, (), _unchanged(state.head, reprocessed), None, now)
    kind, reason = observed.quality.kind, observed.quality.reason
    if kind in _ABSENT:
        return _absent(state, kind, reason, now, policy)
    if kind is QualityKind.OK and observed.text is not None:
        return _good(state, observed.text, now, policy, is_known, reprocessed)
    return _unknown(state, f"{kind}: {reason}")


def carry_over(text: NormalText, head: NormalText) -> NormalText:
    """Fill what `text` could not observe with what `head` knew.

    Without this a text capture between two HTML captures would forget the attachments, and their change
    would be missed.
    """
    unseen = {name: getattr(head, name) for name in FIELDS if getattr(text, name) is None}
    return replace(text, **unseen) if unseen else text


def _good(
    state: PageState,
    text: NormalText,
    now: datetime,
    policy: Policy,
    is_known: Callable[[bytes], bool],
    reprocessed: bool,
) -> Decision:
    head = state.head
    if head is not None:
        text = carry_over(text, head.text)
    # Equal texts have one fingerprint, and most checks find the text of the head.
    mark = head.fingerprint if head is not None and text == head.text else fingerprint(text)
    fields = changed_fields(head.text, text) if head is not None and head.fingerprint != mark else ()
    if head is not None and fields and not is_known(mark) and (doubt := suspicion(head.text, text)):
        run = _counted(state, Presence.UNKNOWN, now)
        if not _is_established(run, now, policy):
            waiting = f"suspect: {doubt}; {_so_far(run, policy)} taken for the page"
            return Decision(Verdict(Presence.UNKNOWN, Content.NONE, waiting), run)
    if not fields:
        content, kind = _unchanged(head, reprocessed), None
    elif is_known(mark):
        content, kind = Content.REVERTED, ChangeKind.REVERTED
    else:
        content, kind = Content.CHANGED, ChangeKind.CHANGED
    if kind is not None and not any(change.field in policy.watch for change in fields):
        kind = None
    return _shown(state, text, mark, fields, content, kind, now)


def _unchanged(head: Head | None, reprocessed: bool) -> Content:
    if reprocessed:
        return Content.REPROCESSED
    return Content.FIRST_SEEN if head is None else Content.SAME


def _shown(
    state: PageState,
    text: NormalText | None,
    mark: bytes,
    fields: tuple[FieldChange, ...],
    content: Content,
    kind: ChangeKind | None,
    now: datetime,
) -> Decision:
    """Return what is to be written of a page that is there; one that was told as gone is told as restored."""
    if state.presence in (Presence.REMOVED, Presence.MOVED):
        kind = ChangeKind.RESTORED
    change = ChangeDraft(kind, fields, state.last_good_at, now) if kind is not None else None
    return Decision(
        verdict=Verdict(Presence.PRESENT, content),
        state=PageState(presence=Presence.PRESENT, head=state.head, last_good_at=now),
        text=text,
        fingerprint=mark,
        change=change,
    )


def _absent(state: PageState, kind: QualityKind, reason: str, now: datetime, policy: Policy) -> Decision:
    presence, change_kind = _ABSENT[kind]
    after = _counted(state, presence, now)
    if state.presence is presence:
        return Decision(Verdict(presence, Content.NONE, reason), after)
    if not _is_established(after, now, policy):
        waiting = f"{reason}; {_so_far(after, policy)} {presence}"
        return Decision(Verdict(Presence.UNKNOWN, Content.NONE, waiting), after)
    change = ChangeDraft(change_kind, (), state.last_good_at, now, reason)
    return Decision(Verdict(presence, Content.NONE, reason), replace(after, presence=presence), change=change)


def _counted(state: PageState, presence: Presence, now: datetime) -> PageState:
    """Return the state with one more answer in its run of such answers, or the first of a new run."""
    if state.absent_as is presence:
        return replace(state, absent_count=state.absent_count + 1)
    return replace(state, absent_as=presence, absent_count=1, absent_since=now)


def _is_established(run: PageState, now: datetime, policy: Policy) -> bool:
    since = run.absent_since or now
    return run.absent_count >= policy.confirmations and now - since >= policy.hold


def _so_far(run: PageState, policy: Policy) -> str:
    unit, sign = (timedelta(minutes=1), "min") if policy.hold % timedelta(hours=1) else (timedelta(hours=1), "h")
    hold = f"{policy.hold / unit:g} {sign}"
    return f"{run.absent_count} of {policy.confirmations} answers, over at least {hold}, that make it"


def _unknown(state: PageState, reason: str) -> Decision:
    return Decision(Verdict(Presence.UNKNOWN, Content.NONE, reason), state)
