"""The displayed lines around the body of an article, and the attributes that are read out of them."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from lxml import etree
from msgspec import Struct

from core.blocks import blocks_around
from core.dates import date_start
from core.fold import fold_width
from core.headline import is_plain
from core.infotable import is_index_row, pairs_of_blocks, pairs_of_rows, pairs_without_blanks
from core.labels import (
    LABELS,
    PUBLISHERS,
    SENDER,
    SOURCE,
    label_start,
    read_closing_editor,
    read_label,
    read_name,
    read_value,
)
from core.times import BARE, FILED, SHOWN, TOLD, joined_dates, read_publisher, read_time

_NEAR_LINES = 15
_FAR_LINES = 40
_BARE_WITHIN = 8
_FIRST_LINES = 4
_ABOVE_TITLE = 3
_BEHIND_LINES = 15
_LAST_LINES = 12
_MOST_LABEL_CHARS = 160
_LEAST_SENTENCE_CHARS = 20
FOOTER = re.compile(r"ICP[备证]|公网安备|网站标识码|Copyright|©", re.I)
"""What only the footer of a site says: below it no attribute is the article's."""


class Around(Struct, frozen=True):
    """The lines before, in and after the body; nearer ones are believed first."""

    before: list[str]
    body: tuple[str, ...]
    after: list[str]

    @staticmethod
    def of(root: etree._Element, region: etree._Element | None, body: tuple[str, ...]) -> "Around":
        """Return the lines of a page around the region that holds its body; rows around that only lay out the page.

        Where all of the page is the region, what stands above its first sentence is before the article.
        """
        if region is not None and region.tag in ("body", "html"):
            above = takewhile(lambda line: "。" not in line or len(line) < _LEAST_SENTENCE_CHARS, body)
            return Around(list(above), body, [])
        for row in () if region is None else region.iterancestors("tr"):
            row.tag = "div"
        before, behind = blocks_around(root, region)
        return Around(before, body, list(takewhile(lambda line: not FOOTER.search(line), behind)))

    @property
    def head(self) -> list[str]:
        """The lines among which the headline stands."""
        return [*self.before[-_NEAR_LINES:], *self._opening]

    @property
    def body_in_head(self) -> int:
        """How many of the lines of `head` are lines of the body."""
        return len(self._opening)

    @property
    def _opening(self) -> tuple[str, ...]:
        """The first lines of the body, below an information table at its head."""
        start = next((at for at, line in enumerate(self.body) if not is_index_row(line)), 0)
        return self.body[start : start + _FIRST_LINES]

    def labelled(self, name: str, title: str) -> Iterator[str | None]:
        """Yield the values of the labels of a field, nearest line first."""
        near = self.before[self._headline(title) - _ABOVE_TITLE :] or self.before
        if name == "source":
            plain = [line for line in near if line.endswith((":", "：")) or is_plain(line)]
            yield from (read_label(SOURCE, pair) or None for pair in pairs_of_blocks(plain))
        else:
            yield from (pair for pair in map(read_name, pairs_of_blocks(near)) if pair)
        for line in self._lines(near):
            yield read_value(LABELS[name], line)
        if name == "editor":
            yield from (read_closing_editor(line) for line in self.body[-_FIRST_LINES:])

    def _headline(self, title: str) -> int:
        """Return how far from the end of `before` the headline stands, as a negative number."""
        lines = reversed(self.before[-_NEAR_LINES:])
        return -next(
            (at for at, line in enumerate(lines, start=1) if title and title.startswith(line[:20])), _NEAR_LINES
        )

    def _lines(self, near: Sequence[str]) -> Iterator[str]:
        yield from reversed(near)
        yield from self.body[:_FIRST_LINES]
        yield from self.body[max(_FIRST_LINES, len(self.body) - _LAST_LINES) :]
        yield from self.after[:_BEHIND_LINES]
        yield from (row for row in self.before[-_FAR_LINES:] if is_index_row(row))

    def time(self, reader: str, title: str) -> str | None:
        """Return the time of publication: `near` the head of the body, `label` farther off, `table` of the document."""
        if reader == "near":
            return self._near_time(title)
        if reader == "label":
            foot = self.body[-_LAST_LINES:]
            return _first_time((*foot, *self.after[:_NEAR_LINES]), TOLD) or _first_time(self._far(), SHOWN)
        table = (*reversed(self.before[-_FAR_LINES:]), *self._index_rows(), *self.after[:_NEAR_LINES])
        return _first_time((*table, *pairs_of_blocks(self._far())), FILED)

    def _near_time(self, title: str) -> str | None:
        near = [_without(line, title) for line in reversed(joined_dates(self.before[-_NEAR_LINES:]))]
        own = next((at for at, line in enumerate(near) if not line or line != self.before[-1 - at]), 0)
        return (
            _first_time(near[: own + 1], BARE)
            or _first_time((*near, *self._head_of_body(title), *self.after[:3]), SHOWN)
            or _first_time((*near[:_BARE_WITHIN], *self._head_of_body(title)), BARE)
        )

    def _head_of_body(self, title: str) -> list[str]:
        return [line for line in (_without(line, title) for line in self.body[:_FIRST_LINES]) if _is_dated(line)]

    def _index_rows(self) -> list[str]:
        return [row for row in self.body[:_LAST_LINES] if is_index_row(row)]

    def _far(self) -> list[str]:
        return [*self.before[-_FAR_LINES:], *self.after[:_NEAR_LINES]]

    def publisher(self, pairs: Sequence[str]) -> str | None:
        """Return who published, of the information table around or at the head of the body, and of `pairs`."""
        rows = [*self.before[-_FAR_LINES:], *self._index_rows(), *self.after[:_NEAR_LINES]]
        rows += [*pairs_of_blocks(rows), *pairs_of_rows(rows), *pairs_without_blanks(rows), *pairs]
        for label in PUBLISHERS:
            for row in rows:
                if len(row) <= _MOST_LABEL_CHARS and (value := read_label(label, row)):
                    return value
        return next((value for line in self.before[-_NEAR_LINES:] if (value := read_value(SENDER, line))), None)

    def beside(self) -> str | None:
        """Return the name that stands beside the date near the head of the body, without a label."""
        lines = (*reversed(self.before[-_BARE_WITHIN:]), *self.body[:2])
        return next((name for line in lines if (name := read_publisher(line))), None)


def _first_time(lines: Sequence[str], least: int) -> str | None:
    """Return the first time that is at least so sure, the labelled before the bare."""
    times = [time for line in lines if (time := read_time(line)) and time[0] <= least]
    return min(times, key=lambda time: time[0] >= BARE, default=(0, None))[1]


def _is_dated(line: str) -> bool:
    """Tell whether a line at the head of a body tells its time: labelled so, or beside the source or a counter."""
    time = read_time(line)
    behind = label_start(line)
    return time is not None and (time[0] == TOLD or date_start(line) < behind < len(line) or _has_source(line))


def _has_source(line: str) -> bool:
    return SOURCE.search(fold_width(line)) is not None


def _without(line: str, title: str) -> str:
    return line[len(title) :].strip() if title and line.startswith(title) else line
