"""Finding the line of a key in the text of a TOML file, which the standard reader does not tell."""

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?")
_KEY = re.compile(r"\s*[\"']?([\w.\-]+)[\"']?\s*=")


def line_of(text: str, where: tuple[str | int, ...], key: str) -> int:
    """Return the line (from 1) of `key` in the table `where`, or of that table's header, or 1.

    `where` names a table and, for an array of tables, the number of the entry from 0; a name behind that is a
    table inside the entry, found by its own header or by the line that writes it inline.
    """
    table, number = (str(where[0]), where[1] if len(where) > 1 else 0) if where else ("", 0)
    inner = [str(part) for part in where[2:]]
    header, here, seen, best = 1, not where, -1, 0
    for line, content in enumerate(text.splitlines(), start=1):
        if match := _HEADER.match(content):
            name = match[2].split(".")
            if name[0] == table and len(name) == 1:
                seen += 1
            here = bool(where) and name[0] == table and max(seen, 0) == number
            if here and len(name) == 1:
                header = line
            best = line if here and name[1:] == inner and inner else best
        elif here and (match := _KEY.match(content)) and match[1] in (key, *inner):
            best = line
            if match[1] == key:
                return line
    return best or header
