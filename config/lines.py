"""Finding the line of a key in the text of a TOML file, which the standard reader does not tell."""

import re

KeyPath = tuple[str | int, ...]
"""The way to a key: names of tables and, behind the name of an array of tables, the entry's number from 0."""

_NAME = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_NAMES = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_NAMES})\s*\]")
_KEY = re.compile(rf"\s*({_NAMES})\s*=")


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line (from 1) of each table and key; those within an inline table are not told apart."""
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    entries: dict[str, int] = {}
    for line, content in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(content):
            table = _numbered(_split(header[2]), header[1] == "[[", entries)
            lines.setdefault(table, line)
        elif key := _KEY.match(content):
            lines.setdefault(table + _split(key[1]), line)
    return lines


def line_of(path: KeyPath, lines: dict[KeyPath, int]) -> int:
    """Return the line of the key at `path`, or of the nearest table or key around it, or 1."""
    around = (path[:length] for length in range(len(path), 0, -1))
    return next((lines[part] for part in around if part in lines), 1)


def _split(names: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, names))


def _numbered(names: tuple[str, ...], opens_entry: bool, entries: dict[str, int]) -> KeyPath:
    """Return the path of a header, with the entry's number behind the name of an array of tables."""
    first, *rest = names
    if opens_entry:
        entries[first] = entries.get(first, -1) + 1
    return (first, entries[first], *rest) if first in entries else names
