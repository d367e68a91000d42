"""Reading the changes that a reader chooses: by the database, so that a rare choice costs no more than a scan."""

from datetime import datetime

from msgspec import Struct

from storage.read import Reader
from storage.rows import ChangeRow
from storage.times import to_text

_FEW_PAGES = 1_000
_FEW_CHANGES = 10_000
"""So many changes of these pages are put in order in 10 ms; where there are more, a walk soon meets enough of them."""
# What different labels pages have: one step through the index for each, where a scan reads a million pages.
_LABELS = """with recursive sets (labels) as (select min(labels) from page
    union all select (select min(labels) from page where labels > sets.labels) from sets where labels is not null)"""


class Wanted(Struct, frozen=True):
    """Which changes are wanted: seen from `since` until before `until`; what is empty or None does not matter."""

    since: datetime | None = None
    until: datetime | None = None
    host: str = ""
    label: str = ""
    field: str = ""
    kind: str = ""
    page: int | None = None
    unseen: bool = False
    before: ChangeRow | None = None
    """Only changes older than this one."""


class Choosing(Reader):
    """A reader that chooses."""

    def choose(self, wanted: Wanted, limit: int) -> list[ChangeRow]:
        """Return the newest changes that are wanted."""
        changes = "touched" if wanted.field else "change"
        number = "touched.change" if wanted.field else "change.id"
        where, values = list[str](), list[object]()

        def add(condition: str, *given: object) -> None:
            where.append(condition)
            values.extend(given)

        if wanted.since:
            add(f"{changes}.seen_at >= ?", to_text(wanted.since))
        if wanted.until:
            add(f"{changes}.seen_at < ?", to_text(wanted.until))
        if wanted.before:
            add(f"({changes}.seen_at, {number}) < (?, ?)", to_text(wanted.before.seen_at), wanted.before.id)
        if wanted.field:
            add("touched.field = ?", wanted.field)
        if wanted.kind:
            add("change.kind = ?", wanted.kind)
        if wanted.page is not None:
            add("change.page = ?", wanted.page)
        if wanted.host or wanted.label:
            condition, given = self._pages_condition(wanted.host.lower(), wanted.label)
            add(condition, *given)
        if wanted.unseen:
            add(f"not exists (select 1 from seen_mark where seen_mark.change = {number})")
        touched = "change_field as touched join change on change.id = touched.change" if wanted.field else "change"
        # The numbers first: to sort whole changes of a host of 1,000 pages took three times as long.
        rows = self._rows(
            f"select {number} as number from {touched} {'where' if where else ''} {' and '.join(where)}"
            f" order by {changes}.seen_at desc, {number} desc limit {limit:d}",
            *values,
        )
        return self.changes_by_number([row["number"] for row in rows])

    def hosts(self) -> list[str]:
        """Return the hosts of all pages."""
        return [row["name"] for row in self._rows("select name from host where name <> '' order by name")]

    def labels(self) -> list[str]:
        """Return the labels of all pages."""
        rows = self._rows(f"{_LABELS} select distinct value as label from sets, json_each(sets.labels) order by label")
        return [row["label"] for row in rows]

    def neighbours(self, change: ChangeRow) -> tuple[int | None, int | None]:
        """Return the numbers of the change of the same page before this one, and of the one after it."""
        place = change.page, to_text(change.seen_at), change.id
        found = [
            self._rows(
                f"""select id from change where page = ? and (seen_at, id) {sign} (?, ?)
                order by seen_at {order}, id {order} limit 1""",
                *place,
            )
            for sign, order in (("<", "desc"), (">", "asc"))
        ]
        older, newer = (rows[0]["id"] if rows else None for rows in found)
        return older, newer

    def _pages_condition(self, host: str, label: str) -> tuple[str, list[object]]:
        """Return the condition of a host and a label on `change.page`, and its values.

        Where they stand for few pages with few changes, those are looked up; else the changes are walked from the
        newest on, until there are enough.
        """
        where, values = list[str](), list[object]()
        if host:
            where.append("host = ?")
            values.append(host)
        if label:
            where.append(f"""labels in (
                {_LABELS} select labels from sets where exists (select 1 from json_each(labels) where value = ?))""")
            values.append(label)
        one = f"select id from page where {' and '.join(where)}"
        few = [row["id"] for row in self._rows(f"{one} limit ?", *values, _FEW_PAGES + 1)]
        theirs = f"change.page in ({','.join(map(str, few))})"
        some = f"select 1 from change where {theirs} limit ?"
        if len(few) <= _FEW_PAGES and len(self._rows(some, _FEW_CHANGES)) < _FEW_CHANGES:
            return theirs, []
        return f"exists ({one} and id = change.page)", values
