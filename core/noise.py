"""Learning rules from what differs between several readings of one page: counters, clocks, tokens."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from itertools import chain

from msgspec import Struct

from core.fold import fold_width
from core.normalize import clean_line
from core.profile import MOST_RULE_CHARS, Example, Rule, RuleKind
from core.rules import apply_rules

_DAY = "(?:19|20)[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?(?: ?星期[一二三四五六日天])?"
_TIME = "[0-9]{1,2}[:∶时点][0-9]{1,2}(?:[:∶分][0-9]{1,2})?[分秒]?"
_SHAPES = {
    "moment": f"{_DAY}[T ]?{_TIME}",
    "day": _DAY,
    "time": _TIME,
    "hex": "(?=[A-Fa-f-]*[0-9])[0-9A-Fa-f-]{8,}",
    "number": "[0-9]+(?:[,.][0-9]+)*[万千]?",
}
"""What may differ, the longest first, and what stands for it in a pattern; each holds a digit."""

_FOUND = _SHAPES | {"hex": f"(?<![0-9A-Za-z])(?=[0-9-]*[A-Fa-f]){_SHAPES['hex']}(?![0-9A-Za-z])"}
_TOKEN = re.compile("|".join(f"(?P<{kind}>{shape})" for kind, shape in _FOUND.items()))
_SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()]")
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE_END = re.compile("[。!?;]")
_BEFORE = re.compile(r"[^\s|,。;!?]{0,16}\s?:?\s?\Z")
_UNIT = re.compile(r"(?:\s?(?:人次|[次人位秒]))?")
_BEHIND = re.compile(r"\s?[^\s|,。;!?:]{0,8}")
_LEAST_LETTERS = 2
"""A pattern with fewer letters of its own would take any number; a hexadecimal token says enough alone."""

_MOST_LETTERS = 30
_MOST_SHOWN = 3


class Difference(Struct, frozen=True):
    """What differed and became no rule: why not, and what was seen."""

    reason: str
    evidence: str


class Noise(Struct, frozen=True):
    """What was learnt: rules that take differences out, and the differences that no rule should take."""

    rules: tuple[Rule, ...] = ()
    left: tuple[Difference, ...] = ()


def learn(readings: Sequence[Sequence[str]]) -> Noise:
    """Return what differs between the blocks of two readings or more.

    The rules make the readings equal, or some difference is left; none of them changes a block that is the same
    in all readings.
    """
    pages = [[line for line in map(clean_line, blocks) if line] for blocks in readings]
    counts = [Counter(page) for page in pages]
    same = [block for block in counts[0] if len({count[block] for count in counts}) == 1]
    rules: list[Rule] = []
    left: list[Difference] = []
    for group in _groups(pages, frozenset(same)):
        found = _learn_group(group, same)
        if isinstance(found, Rule):
            rules.append(found)
        else:
            left.append(found)
    if not left and len({apply_rules(page, rules, Counter()) for page in pages}) > 1:
        left.append(Difference("the same blocks stand in another order", f"{len(pages)} fetches"))
    return Noise(tuple(rules), tuple(left))


def as_toml(rule: Rule) -> str:
    """Return a rule as an entry of a file of rules."""
    lines = ["[[rule]]", f"id = {_quoted(rule.id)}", f"why = {_quoted(rule.why)}"]
    lines += [f"kind = {_quoted(rule.kind)}"] if rule.kind != "block" else []
    lines += [f"pattern = {_quoted(rule.pattern)}", "examples = ["]
    for example in rule.examples:
        before, after = (", ".join(map(_quoted, blocks)) for blocks in (example.before, example.after))
        lines.append(f"  {{ before = [{before}], after = [{after}] }},")
    return "\n".join([*lines, "]"])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if "'" in text or "\\" not in text else f"'{text}'"


def _groups(pages: Sequence[Sequence[str]], same: frozenset[str]) -> list[list[list[str]]]:
    """Return the blocks that are not `same`, page by page: in one group those that differ in their tokens alone."""
    groups: dict[str, list[list[str]]] = {}
    for number, page in enumerate(pages):
        for block in page:
            if block not in same:
                outline = _TOKEN.sub(lambda token: f"\0{token.lastgroup}\0", fold_width(block))
                groups.setdefault(outline, [[] for _ in pages])[number].append(block)
    return list(groups.values())


def _learn_group(group: Sequence[Sequence[str]], same: Sequence[str]) -> Rule | Difference:
    """Return the rule that takes out what differs within a group, or why there is none."""
    seen = list(dict.fromkeys(chain.from_iterable(group)))
    tokens = [list(_TOKEN.finditer(fold_width(block))) for block in seen]
    differing = [at for at, column in enumerate(zip(*tokens, strict=True)) if len({token[0] for token in column}) > 1]
    if not differing:
        return Difference("no number, time or token in it differs", _evidence(seen, group))
    start, end = _piece(fold_width(seen[0]), tokens[0], differing)
    tail = len(seen[0]) - end
    told = _evidence([block[start : len(block) - tail] for block in seen], group)
    literal, pattern = _pattern(fold_width(seen[0]), tokens[0], differing, start, end)
    letters = len(_LETTER.findall(literal))
    if letters < _LEAST_LETTERS and not any(tokens[0][at].lastgroup == "hex" for at in differing):
        return Difference("too few words stand beside it to tell it from the article's own numbers", told)
    if letters > _MOST_LETTERS or _is_sentence(seen[0]) or max(map(len, seen)) > MOST_RULE_CHARS:
        return Difference("it stands in a long text, which may be the article's", told)
    kind: RuleKind = "block" if (start, tail) == (0, 0) else "part"
    name = f"noise-{blake2b(f'{kind} {pattern}'.encode(), digest_size=4).hexdigest()}"
    rule = Rule(name, told, pattern, kind)
    if _applied(same, rule) != tuple(same):
        return Difference("a rule for it would also change what stayed the same", told)
    if len({tuple(sorted(_applied(blocks, rule))) for blocks in group}) > 1:
        return Difference("a rule for it would not make the fetches equal", told)
    # What shows no digit is no noise, and never taken: every token of a pattern asks for one.
    shown = [*seen[:2], clean_line(_TOKEN.sub("…", fold_width(seen[0])))]
    return Rule(
        name, told, pattern, kind, examples=tuple(Example((block,), _applied([block], rule)) for block in shown)
    )


def _piece(text: str, tokens: Sequence[re.Match[str]], differing: Sequence[int]) -> tuple[int, int]:
    """Return start and end of what is taken out of a block: what differs, with the words that say what it is.

    That is the whole block where nothing but punctuation would be left of it.
    """
    first, last = tokens[differing[0]], tokens[differing[-1]]
    before = _BEFORE.search(text[: first.start()])
    assert before is not None
    start = first.start() - len(before[0].lstrip())
    is_named = len(_LETTER.findall(before[0])) >= _LEAST_LETTERS
    behind = (_UNIT if is_named else _BEHIND).match(text, last.end())
    assert behind is not None
    return (start, behind.end()) if re.search(r"\w", text[:start] + text[behind.end() :]) else (0, len(text))


def _pattern(
    text: str, tokens: Sequence[re.Match[str]], differing: Sequence[int], start: int, end: int
) -> tuple[str, str]:
    """Return what the pattern of a piece says literally, and the pattern: its differing tokens generalised."""
    # A piece that is cut out from its first digit on must not begin within a word.
    begins = tokens[differing[0]].start() == start and (start, end) != (0, len(text))
    literal, pattern, at = "", r"(?<![0-9A-Za-z])" if begins else "", start
    for token in (tokens[number] for number in differing):
        words = text[at : token.start()]
        literal, at = literal + words, token.end()
        pattern += _SPECIAL.sub(r"\\\g<0>", words) + _SHAPES[token.lastgroup or ""]
    words = text[at:end]
    return literal + words, pattern + _SPECIAL.sub(r"\\\g<0>", words)


def _is_sentence(block: str) -> bool:
    return len(_LETTER.findall(block)) > _MOST_LETTERS and bool(_SENTENCE_END.search(fold_width(block)))


def _applied(blocks: Sequence[str], rule: Rule) -> tuple[str, ...]:
    return apply_rules(blocks, [rule], Counter())


def _evidence(seen: Sequence[str], group: Sequence[Sequence[str]]) -> str:
    """Return in how many fetches what was seen differed, and some of it."""
    pieces = list(dict.fromkeys(seen))
    shown = ", ".join(piece[:60] for piece in pieces[:_MOST_SHOWN]) + (", …" if len(pieces) > _MOST_SHOWN else "")
    return f"differed in {len({tuple(blocks) for blocks in group})} of {len(group)} fetches: {shown}"
