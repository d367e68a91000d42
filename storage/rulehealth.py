"""What the rules did: how often each one fired, on how many pages, and how much it removed."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from storage.read import Reader, open_reader
from storage.times import from_text, to_text


class ReadUnder(Struct, frozen=True):
    """How many good checks were read under one rules id, and a page of them."""

    rules_id: str
    checks: int
    url: str
    profile: str


class Greed(Struct, frozen=True):
    """A page, and the largest share of the characters of one reading that a rule removed."""

    page: int
    url: str
    share: float


class RuleHealth(Struct, frozen=True):
    """What one rule did; `share` is of all characters of the readings it fired in, `greed` is what it took most of."""

    rule: str
    pages: int
    hits: int
    share: float
    last_hit_at: datetime
    greed: tuple[Greed, ...]


# Equal readings of a page are counted before their JSON is read: 100,000 checks take 0.2 s so.
# What a reading had before the rules is what was kept of its body, and what was removed.
_FIRED = """with seen as (
        select page, version, removed, sum(checks) as checks, max(coalesce(last_at, at)) as last_at from page_check
        where coalesce(last_at, at) >= ? and rules_id in ({marks}) and version is not null and removed <> '{{}}'
        group by page, version, removed),
    sized as (
        select seen.*, version.letters + (select sum(value) from json_each(removed)) as chars
        from seen join version on version.id = seen.version),
    fired as (
        select entry.key as rule, page, sum(checks) as hits, sum(entry.value * checks) as removed,
            sum(chars * checks) as chars, max(entry.value * 1.0 / chars) as share, max(last_at) as last_at
        from sized, json_each(sized.removed) as entry group by rule, page)
    select rule, count(*) as pages, sum(hits) as hits, sum(removed) * 1.0 / sum(chars) as share,
        max(last_at) as last_at,
        json_group_array(json_array(page, page.url, share)) filter (where share > ?) as greed
    from fired join page on page.id = page group by rule"""


class RuleReader(Reader):
    """A reader that also knows what the rules did."""

    def read_under(self, since: datetime) -> list[ReadUnder]:
        """Return how many good checks since a time were read under which rules ids; a 304 is not read by any."""
        return self._read(
            lambda row: ReadUnder(row["rules_id"], row["checks"], row["url"], row["profile"]),
            """select rules_id, checks, page.url, page.profile from (
                select rules_id, sum(checks) as checks, max(page) as page from page_check
                where coalesce(last_at, at) >= ? and version is not null and outcome = 'capture' group by rules_id)
            join page on page.id = page order by rules_id""",
            to_text(since),
        )

    def rule_health(self, since: datetime, rules_ids: Collection[str], share: float) -> dict[str, RuleHealth]:
        """Return by id what the rules did that fired since a time, in good checks read under these rules ids.

        A page counts as greed where one rule removed more than `share` of a reading of it.
        """
        sql = _FIRED.format(marks=",".join("?" * len(rules_ids)))
        found = self._read(
            lambda row: RuleHealth(
                rule=row["rule"],
                pages=row["pages"],
                hits=row["hits"],
                share=row["share"],
                last_hit_at=from_text(row["last_at"]),
                greed=tuple(Greed(*entry) for entry in sorted(json.loads(row["greed"]))),
            ),
            sql,
            to_text(since),
            *rules_ids,
            share,
        )
        return {health.rule: health for health in found}


@contextmanager
def open_rule_reader(path: Path) -> Iterator[RuleReader]:
    """Open a database for reading only. Raises StorageError."""
    with open_reader(path) as reader:
        yield RuleReader(reader._connection, path)
