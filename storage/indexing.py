"""Writing the search index: the words of all pages that a transaction wrote, together, before its end."""

import sqlite3
from collections.abc import Collection
from itertools import chain
from pathlib import Path

from storage.finding import tokens
from storage.read import Reader

MOST_LETTERS = 500_000
"""So much waits at most for the end, some 15 MB."""
_MOST_PAGES = 400


class Indexing(Reader):
    """The part of a transaction that writes the search index."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path)
        self._lines: dict[int, list[str]] = {}
        self._letters = 0

    def index(self, page: int, lines: Collection[str]) -> None:
        """Let a page be found by these lines, too."""
        kept = self._lines.setdefault(page, [])
        kept += lines
        self._letters += sum(map(len, lines))
        if self._letters > MOST_LETTERS or len(self._lines) >= _MOST_PAGES:
            self.write_index()

    def write_index(self) -> None:
        """Write what waits."""
        # In one statement: at the beginning of each, FTS5 writes out what it has of those before.
        rows = [(page, tokens(lines)) for page, lines in sorted(self._lines.items())]
        if rows:
            sql = f"insert into page_words (rowid, words) values {', '.join(['(?, ?)'] * len(rows))}"
            self._execute(sql, tuple(chain.from_iterable(rows)))
        self._lines, self._letters = {}, 0
