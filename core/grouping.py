"""Changes that belong together: a redesign that touches many pages alike, a page that flaps between two versions."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Literal

from msgspec import Struct

from core.model import NormalText
from core.normalize import comparable

LEAST_PAGES = 3
"""From so many pages of a host on, a change that is the same on all of them is one of the template."""
LEAST_TURNS = 4
"""From so many turns between two versions on, a page flaps."""
ROUND = timedelta(days=1)


def likeness(old: NormalText, new: NormalText, fields: Iterable[str]) -> bytes:
    """Return what changes have in common that took out and put in the same: 16 bytes over the lines that differ."""
    lines: list[str] = []
    for name in fields:
        before, after = set(comparable(getattr(old, name))), set(comparable(getattr(new, name)))
        lines += sorted(f"{name}-{line}" for line in before - after)
        lines += sorted(f"{name}+{line}" for line in after - before)
    return blake2b("\n".join(lines).encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Told(Struct, frozen=True):
    """What is known of a change for grouping. `turn`: the numbers of its versions, None where it has not both."""

    id: int
    page: int
    host: str
    seen_at: datetime
    likeness: bytes
    turn: tuple[int, int] | None


class Group(Struct, frozen=True):
    """Changes to be told as one, newest first."""

    kind: Literal["single", "redesign", "flapping"]
    changes: tuple[Told, ...]


def grouped(changes: Sequence[Told]) -> list[Group]:
    """Return changes, given newest first, as groups by their newest member; each change is in exactly one."""
    flapping = _flapping(changes)
    rest = [change for change in changes if change.id not in {one.id for run in flapping for one in run}]
    redesigns = _redesigns(rest)
    kinds: dict[int, Group] = {}
    for kind, runs in (("flapping", flapping), ("redesign", redesigns)):
        for run in runs:
            kinds |= dict.fromkeys((one.id for one in run), Group(kind, tuple(run)))  # type: ignore[arg-type]
    groups = [kinds.get(change.id, Group("single", (change,))) for change in changes]
    return list(dict.fromkeys(groups))


def _redesigns(changes: Iterable[Told]) -> list[list[Told]]:
    """Return runs of changes of one host that are alike and not a round apart, on enough pages."""
    alike = _by(changes, lambda change: (change.host, change.likeness) if change.turn else change.id)
    runs = [run for some in alike for run in _rounds(some)]
    return [run for run in runs if len({change.page for change in run}) >= LEAST_PAGES]


def _rounds(changes: list[Told]) -> Iterable[list[Told]]:
    run: list[Told] = []
    for change in changes:
        if run and run[-1].seen_at - change.seen_at > ROUND:
            yield run
            run = []
        run.append(change)
    yield run


def _flapping(changes: Iterable[Told]) -> list[list[Told]]:
    """Return runs of changes of one page that go to and fro between two versions."""
    runs: list[list[Told]] = []
    for some in _by(changes, lambda change: change.page):
        run: list[Told] = []
        for change in some:
            if run and (change.turn is None or run[-1].turn != change.turn[::-1]):
                runs.append(run)
                run = []
            if change.turn is not None:
                run.append(change)
        runs.append(run)
    return [run for run in runs if len(run) >= LEAST_TURNS]


def _by(changes: Iterable[Told], key: Callable[[Told], Hashable]) -> list[list[Told]]:
    found: defaultdict[Hashable, list[Told]] = defaultdict(list)
    for change in changes:
        found[key(change)].append(change)
    return list(found.values())
