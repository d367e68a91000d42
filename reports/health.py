"""Health notices in words: pages of one host that fell ill, or are well again, are told together."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec import Struct

from reports.plain import count, safe, when
from reports.values import HealthReport

MOST_PAGES = 50
"""So many pages of one host are named; of the others only the number is told."""
MOST_GROUPS = 50
"""So many hosts are told one by one: where this machine's own network fails, all of them fall ill."""
_MOST_REASONS = 3
_SAID = {
    "failing": "failing: not seen well in the latest checks",
    "stale": "stale: without a good check for longer than the limit",
    "recovered": "recovered: seen well again",
}


class HealthGroup(Struct, frozen=True):
    """What is told alike of pages of one host."""

    kind: str
    host: str
    notices: tuple[HealthReport, ...]

    @property
    def said(self) -> str:
        """What is told, in one line: `3 pages of www.example.gov.cn failing: …`."""
        return f"{count(len(self.notices), 'page')} of {self.host} {_SAID[self.kind]}"

    @property
    def reasons(self) -> list[str]:
        """Why, the most frequent reason first."""
        found = Counter(notice.reason for notice in self.notices if notice.reason)
        several = len(self.notices) > 1
        return [
            f"{reason} ({times} times)" if several else reason for reason, times in found.most_common(_MOST_REASONS)
        ]

    @property
    def named(self) -> tuple[HealthReport, ...]:
        """The pages that are named."""
        return self.notices[:MOST_PAGES]

    @property
    def unnamed(self) -> int:
        """How many pages are not named."""
        return max(0, len(self.notices) - MOST_PAGES)


def health_groups(notices: Iterable[HealthReport]) -> list[HealthGroup]:
    """Return health notices by what they tell and of which host, those of the most pages first."""
    ordered = sorted(notices, key=_key)
    groups = [HealthGroup(*key, tuple(found)) for key, found in groupby(ordered, key=_key)]
    return sorted(groups, key=lambda group: -len(group.notices))


def rest_words(groups: Sequence[HealthGroup]) -> str:
    """Return how much is not told one by one, in a line; nothing where all is."""
    rest = groups[MOST_GROUPS:]
    if not rest:
        return ""
    pages, hosts = sum(len(group.notices) for group in rest), len({group.host for group in rest})
    return f"… and {count(pages, 'page')} of {count(hosts, 'host')} more; all of them: govwatch status --json"


def since(notice: HealthReport) -> str:
    """Return since when, and for how many checks: `3 bad checks since 2026-11-24 16:05`."""
    checks = count(notice.bad_checks, "bad check") if notice.bad_checks else "not checked"
    return f"{checks} since {when(notice.since)}"


def health_subject(notices: Sequence[HealthReport]) -> str:
    """Return how many pages are told of, by what is told: `3 pages failing, 1 page recovered`."""
    found = Counter(notice.kind for notice in notices)
    return ", ".join(f"{count(found[kind], 'page')} {kind}" for kind in _SAID if kind in found)


def render_health(notices: Sequence[HealthReport]) -> str:
    """Return health notices as lines of text."""
    groups = health_groups(notices)
    lines = [line for group in groups[:MOST_GROUPS] for line in _lines(group)]
    return "\n".join([*lines, *filter(None, [rest_words(groups)])])


def _lines(group: HealthGroup) -> Iterable[str]:
    yield safe(group.said)
    yield from (f"  {safe(reason)}" for reason in group.reasons)
    for notice in group.named:
        yield f"  page {notice.page}  {safe(notice.title or notice.name or notice.url)}  {since(notice)}"
        yield f"    {safe(notice.url)}"
    if group.unnamed:
        yield f"  … and {count(group.unnamed, 'page')} more; all of them: govwatch status --json"
    yield ""


def _key(notice: HealthReport) -> tuple[str, str]:
    return notice.kind, notice.host
