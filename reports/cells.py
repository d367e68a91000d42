"""Lines of a terminal: what is wide takes two cells, and a line is broken only where Chinese or English may be."""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

from core.tokens import tokens

RESET = "\x1b[0m"
Styled = tuple[str, str]
"""A token and the escape sequence that it is shown in, empty for none."""

_NOT_FIRST = frozenset("，。、；：！？）】》〉」』”’…,.;:!?)]}% ") | {"-]", "+}"}
_OPENING = frozenset({"[-", "{+"})
_NOT_LAST = frozenset("（【《〈「『“‘([{") | _OPENING


def styled(text: str, style: str = "") -> list[Styled]:
    """Return the tokens of a text in one style."""
    return [(token, style) for token in tokens(text)]


def painted(line: Iterable[Styled]) -> str:
    """Return a line with its escape sequences."""
    runs = ((style, "".join(token for token, _ in run)) for style, run in groupby(line, key=lambda piece: piece[1]))
    return "".join(f"{style}{text}{RESET}" if style else text for style, text in runs)


def wrapped(line: Iterable[Styled], columns: int) -> Iterator[list[Styled]]:
    """Yield a line as lines of at most so many cells; only a word that is longer than one is broken inside."""
    found: list[Styled] = []
    taken = 0
    for unit in _units(line):
        width = sum(cells(token) for token, _ in unit)
        pieces = [unit] if width <= columns else [[(letter, style)] for token, style in unit for letter in token]
        for piece in pieces:
            width = sum(cells(token) for token, _ in piece)
            if found and taken + width > columns:
                yield found
                found, taken = [], 0
            found = [*found, *piece]
            taken += width
    yield found


def cells(text: str) -> int:
    """Return how many cells a text takes."""
    return sum(map(_cells, text))


def _units(line: Iterable[Styled]) -> Iterator[list[Styled]]:
    """Yield the tokens between which a line may be broken, together with the punctuation that belongs to them."""
    unit: list[Styled] = []
    for token, style in line:
        if unit and _is_breakable(unit[-1][0], token):
            yield unit
            unit = []
        unit.append((token, style))
    yield unit


def _is_breakable(before: str, token: str) -> bool:
    """Return whether a line may end between two tokens: behind a space or beside Chinese, but at no wrong mark."""
    if token in _NOT_FIRST or before in _NOT_LAST:
        return False
    return token in _OPENING or before[-1:] == " " or not (before.isascii() and token.isascii())


def _cells(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
