"""Replay: the history of a page read again under today's rules, and what that changes in it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from msgspec import Struct

from core.decide import Policy
from core.model import Reading
from core.read import PageReader
from core.replay import Turn, replay, turns
from govwatch.app import App
from storage.rows import PageRow
from storage.write import Store, Transaction

_TRIES = 5
"""So often a page is read again because checks came in between; after that its turn comes with the next replay."""


class Replayed(Struct, frozen=True):
    """One page read again: how many checks that took, and the turns its history gained and lost."""

    page: PageRow
    checks: int
    appeared: tuple[Turn, ...]
    vanished: tuple[Turn, ...]


def replay_pages(app: App, store: Store, pages: Sequence[PageRow], is_dry: bool = False) -> Iterator[Replayed]:
    """Read again the pages whose rules have changed since; each is kept whole, or not at all, before it is given.

    The captures are read outside of any transaction, so that others may write meanwhile; what they add to a page in
    that time makes it be read once more.
    """
    for page in pages:
        reader = app.reader_of(page.url, page.profile)
        for _ in range(_TRIES):
            if not store.reading().needs_replay(page.id, reader.rules_id):
                break
            if (done := _replayed(app, store, page, reader, is_dry)) is not None:
                yield done
                break


def _replayed(app: App, store: Store, page: PageRow, reader: PageReader, is_dry: bool) -> Replayed | None:
    """Return one page read again; None where a check came in between."""
    # Pruning in another thread or process must not take a capture away before it is read.
    with store.snapshot() as kept:
        evidence = kept.evidence(page.id)
        before = {turn for shown in kept.shown(page.id) for turn in turns(shown)}
        steps = replay(_readings(app, kept, page, reader, evidence))
    after = set(turns([(step.at, step.text) for step in steps]))
    appeared, vanished = (tuple(sorted(some, key=lambda turn: turn.at)) for some in (after - before, before - after))
    if not is_dry:
        lost = {turn.at for turn in vanished} - {turn.at for turn in after}
        with store.transaction() as tx:
            if tx.evidence(page.id) != evidence:
                return None
            tx.put_history(page.id, reader.rules_id, steps, sorted(lost), app.now())
    return Replayed(page, len(evidence), appeared, vanished)


def _readings(
    app: App, tx: Transaction, page: PageRow, reader: PageReader, evidence: Sequence[tuple[datetime, int]]
) -> Iterator[tuple[datetime, int, Reading, Policy]]:
    """Yield readings; a capture that several checks in a row stand for is read once."""
    for number, run in groupby(evidence, key=lambda check: check[1]):
        capture = tx.capture(number)
        reading, policy = reader.read(capture), app.policy_of(page.watch, capture)
        yield from ((at, number, reading, policy) for at, _ in run)
