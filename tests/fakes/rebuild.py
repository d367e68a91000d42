"""Reading renderings back: from what is shown of a change, the text before and the text after.

Each reader gives the fields, and the paragraphs of the body as `Shown`; `both_sides` walks along the true body to
prove what a rendering folds.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from core.normalize import comparable
from reports.cells import cells

TO_THE_END = 10**9
"""How many paragraphs a unified diff folds behind its last hunk: all the others."""


@dataclass
class Shown:
    """A paragraph as shown: its kind, and its text on each side; `folded` unchanged ones instead."""

    kind: str
    old: str = ""
    new: str = ""
    folded: int = 0


@dataclass
class Told:
    """What a rendering tells."""

    fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    body: list[Shown] = field(default_factory=list)


def both_sides(told: Told, old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return both bodies; what is folded is taken from the true ones, as many paragraphs as the fold says, if equal."""
    before: list[str] = []
    after: list[str] = []
    for shown in told.body:
        if shown.folded:
            was = old[len(before) : len(before) + shown.folded]
            now = new[len(after) : len(after) + shown.folded]
            assert len(was) == len(now)
            assert len(was) == shown.folded or shown.folded == TO_THE_END
            assert comparable(tuple(was)) == comparable(tuple(now))
            before += was
            after += now
            continue
        before += shown.old.split("\n") if shown.kind not in ("added", "moved") else []
        after += shown.new.split("\n") if shown.kind not in ("removed", "moved-away") else []
    return before, after


_SIGNS = {"~": "edited", "+": "added", "-": "removed", ">": "moved", "<": "moved-away", "%": "split", "&": "joined"}
_WORDS = ("moved here: ", "moved away: ", "split: ", "joined: ")
_BRACKETS = re.compile(r"(\\*)(\[-|-\]|\{\+|\+\}|¶|$)")
_BREAKS = re.compile(r"(\\*)(¶|$)")
_STYLE = re.compile(r"\x1b\[(?P<style>31;9|32;1)m(?P<text>[^\x1b]*)\x1b\[0m|(?P<plain>[^\x1b]+)")
_BROKEN = re.compile(r"(\x1b\[(?:31;9|32;1)m)([^\x1b]*)\x1b\[0m\1")
_FIELD = re.compile("  (title|published|source|editor|attachment) ")


def from_terminal(text: str) -> Told:
    """Read the text form, in colour or in brackets, broken at columns or not."""
    told = Told()
    for start, line in _lines(text.partition("\n\n")[2]):
        name, sign = start.strip(), start[2]
        if len(start) > 4:
            told.fields[name] = _sides(line)
        elif sign == "…":
            told.body.append(Shown("same", folded=int(line.split()[0])))
        else:
            words = next((words for words in _WORDS if sign in "><%&" and line.startswith(words)), "")
            told.body.append(Shown(_SIGNS[sign], *_sides(line[len(words) :])))
    told.fields.pop("attachment", None)
    return told


def from_columns(text: str, columns: int) -> Told:
    """Read the text form of a rewritten body, two columns of so many cells."""
    told = Told()
    cell = ["", ""]
    for line in text.partition(" │ after\n")[2].split("\n")[:-1]:
        at = next(at for at in range(len(line) + 1) if cells(line[2:at]) == columns and line[at : at + 2] == " │")
        sides = line[2:at], line[at + 3 :]
        if not any(map(str.strip, sides)):
            told.body.append(_shown(*("".join(side.split()) for side in cell)))
            cell = ["", ""]
        cell = [whole + part for whole, part in zip(cell, sides, strict=True)]
    return told


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield the start and the rest of each line, what was broken put together again."""
    start, parts = "", list[str]()
    for line in text.split("\n")[:-1]:
        if line[: len(start) or 4].strip():
            yield from [(start, "".join(parts))] if start else []
            start = line[:14] if _FIELD.match(line) else line[:4]
            parts = []
        parts.append(line[len(start) :])
    yield from [(start, "".join(parts))] if start else []


def _sides(line: str) -> tuple[str, str]:
    if "\x1b" not in line:
        return _in_brackets(line)
    while _BROKEN.search(line):
        line = _BROKEN.sub(r"\1\2", line)
    old = new = ""
    for part in _STYLE.finditer(line):
        text = "".join(literal for literal, _ in _unescaped(_BREAKS, part["text"] or part["plain"] or ""))
        old, new = old + text * (part["style"] != "32;1"), new + text * (part["style"] != "31;9")
    return old, new


def _in_brackets(line: str) -> tuple[str, str]:
    old, new, kind = "", "", "equal"
    for text, sign in _unescaped(_BRACKETS, line):
        old, new = old + text * (kind != "insert"), new + text * (kind != "delete")
        kind = {"": kind, "[-": "delete", "{+": "insert"}.get(sign, "equal")
    return old, new


def _unescaped(signs: re.Pattern[str], text: str) -> Iterator[tuple[str, str]]:
    """Yield stretches of text as the page says it, and behind each the mark that ends it."""
    at = 0
    for found in signs.finditer(text):
        slashes, sign = found.groups()
        said = text[at : found.start()] + "\\" * (len(slashes) // 2)
        at = found.end()
        if len(slashes) % 2:
            yield said + sign, ""
        else:
            yield (said + "\n", "") if sign == "¶" else (said, sign)


class _Html(HTMLParser):
    """Reads paragraphs, definitions and cells: each with its name or class, and its text on both sides."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str, str]] = []
        self.open: list[tuple[str, str]] = []
        self.old = self.new = self.term = self.lead = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.old, self.new = (re.sub("¶$", "\n", side) for side in (self.old, self.new))
        elif tag not in ("meta", "link"):
            self.open.append((tag, dict(attrs).get("class") or ""))
        if tag in ("p", "dt", "dd", "td"):
            self.old = self.new = self.lead = ""

    def handle_endtag(self, tag: str) -> None:
        _, name = self.open.pop()
        if tag == "dt":
            self.term = self.new
        elif tag in ("p", "dd", "td"):
            row = next((name for tag, name in self.open[::-1] if tag == "tr"), "")
            self.found.append((tag, name or {"dd": self.term, "td": row, "p": self.lead}[tag], self.old, self.new))

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _ in self.open}
        if ("span", "word") in self.open or tags & {"summary", "style", "title"}:
            return
        if tags & {"strong", "em"}:
            self.lead += data
            return
        self.old, self.new = self.old + data * ("ins" not in tags), self.new + data * ("del" not in tags)


def from_html(text: str) -> Told:
    """Read the HTML forms, in one text or in two columns; folded paragraphs stand in them whole."""
    told, cell = Told(), list[str]()
    for tag, name, old, new in _read(text):
        if tag == "dd" and name != "attachment":
            told.fields[name] = old, new
        elif tag == "p" and name not in ("quiet", "summary"):
            told.body.append(Shown(name or "same", old, new))
        elif tag == "td" and name != "same":
            cell.append(new if cell else old)
            if len(cell) == 2:
                told.body.append(_shown(*cell))
                cell = []
    return told


def from_markdown(text: str) -> Told:
    """Read the Markdown form, as CommonMark shows it."""
    told = Told()
    for tag, lead, old, new in _read(MarkdownIt("commonmark", {"html": True}).render(text)):
        if lead in ("title", "published", "source", "editor"):
            told.fields[lead] = old.removeprefix(": "), new.removeprefix(": ")
        elif lead.startswith("… "):
            told.body.append(Shown("same", folded=int(lead.split()[1])))
        elif tag == "p" and not lead.startswith("attachment "):
            kinds = {"moved here:": "moved", "moved away:": "moved-away", "split:": "split", "joined:": "joined"}
            old, new = (side.removeprefix(" " * bool(lead)) for side in (old, new))
            told.body.append(Shown(kinds[lead], old, new) if lead else _shown(old, new))
    return told


def from_json(text: str) -> Told:
    """Read the JSON form."""
    diff = json.loads(text)["diff"]
    sides = [["".join(span[side] for span in part["spans"]) for side in ("old", "new")] for part in diff["body"]]
    return Told(
        {field["field"]: (field["old"], field["new"]) for field in diff["fields"]},
        [Shown(part["kind"], *both) for part, both in zip(diff["body"], sides, strict=True)],
    )


def from_unified(text: str) -> Told:
    """Read the unified form; what lies between its hunks counts as folded, by their line numbers."""
    told = Told()
    for file in re.split("^--- a/", text, flags=re.M)[1:]:
        name, _, *lines = file.split("\n")[:-1]
        if name in ("title", "published", "source", "editor"):
            old, new = ("".join(line[1:] for line in lines[1:] if line[0] == sign) for sign in "-+")
            told.fields[name] = old, new
        elif name == "body":
            told.body = [*_hunks(lines), Shown("same", folded=TO_THE_END)]
    return told


def _hunks(lines: Sequence[str]) -> Iterator[Shown]:
    at = 1
    for line in lines:
        if hunk := re.fullmatch(r"@@ -(\d+),(\d+) \+(\d+),(\d+) @@", line):
            start = int(hunk[1]) + (hunk[2] == "0")
            yield from [Shown("same", folded=start - at)] if start > at else []
            at = start
        else:
            at += line[0] != "+"
            text = line[1:]
            yield {"-": Shown("removed", old=text), "+": Shown("added", new=text)}.get(line[0]) or Shown(
                "same", folded=1
            )


def _shown(old: str, new: str) -> Shown:
    return Shown("edited" if old and new else "removed" if old else "added", old, new)


def _read(text: str) -> list[tuple[str, str, str, str]]:
    reader = _Html()
    reader.feed(text)
    return reader.found
