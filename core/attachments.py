"""What happened to the files of a page: added, removed, renamed, under another address."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from msgspec import Struct

from core.marks import Span, whole
from core.model import Attachment
from core.normalize import comparable


class FileDiff(Struct, frozen=True):
    """One attachment that differs: the same address under another name is renamed, the same name elsewhere relinked."""

    kind: Literal["added", "removed", "renamed", "relinked"]
    old: Attachment | None
    new: Attachment | None

    @property
    def spans(self) -> tuple[Span, ...]:
        """Name and address in one line, with what differs marked."""
        if self.old is None or self.new is None:
            return whole(_line(self.old), _line(self.new))
        if self.kind == "renamed":
            return (*whole(self.old.name, self.new.name), Span("equal", f" {self.old.url}", f" {self.new.url}"))
        return (Span("equal", f"{self.old.name} ", f"{self.new.name} "), *whole(self.old.url, self.new.url))


def diff_files(old: Sequence[Attachment], new: Sequence[Attachment]) -> tuple[FileDiff, ...]:
    """Return the files that differ, what went and came again told as one; none where only their order does."""
    return tuple(_told(_only(old, new), _only(new, old)))


def _told(went: Iterable[Attachment], came: Sequence[Attachment]) -> Iterator[FileDiff]:
    left = dict.fromkeys(came)
    by_url, by_name = {file.url: file for file in came}, {file.name: file for file in came}
    for file in went:
        twin = by_url.get(file.url) or by_name.get(file.name)
        if twin in left:
            del left[twin]
            yield FileDiff("renamed" if twin.url == file.url else "relinked", file, twin)
        else:
            yield FileDiff("removed", file, None)
    yield from (FileDiff("added", None, file) for file in left)


def _line(file: Attachment | None) -> str:
    return f"{file.name} {file.url}" if file else ""


def _only(one: Iterable[Attachment], other: Iterable[Attachment]) -> list[Attachment]:
    known = {comparable((file,)) for file in other}
    return [file for file in one if comparable((file,)) not in known]
