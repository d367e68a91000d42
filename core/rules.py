"""Taking boilerplate out of blocks of text, and counting what each rule took."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from core.fold import fold_width
from core.labels import LABELS, read_label
from core.model import Removal
from core.normalize import canonical, clean_line
from core.profile import MOST_RULE_CHARS, Rule, pattern


def apply_rules(
    blocks: Sequence[str], rules: Iterable[Rule], removed: Counter[str], told: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return `blocks` without what the rules remove; `removed` counts characters by rule id.

    `told` are the values of the fields that were read, for the rules that depend on them. Patterns see a
    block folded to half width; what is kept stays as displayed.
    """
    compiled = [(rule, pattern(rule)) for rule in rules]
    kept: list[str] = []
    for place, block in enumerate(blocks):
        if len(block) > MOST_RULE_CHARS:
            kept.append(block)
            continue
        rest, ended_by = _filter(block, compiled, removed, told)
        if ended_by:
            removed[ended_by] += sum(map(len, blocks[place:]))
            break
        if rest:
            kept.append(rest)
    return tuple(kept)


def matches_block(block: str, rules: Iterable[Rule]) -> bool:
    """Tell whether some rule of the kinds `block` or `end` takes `block` out as a whole."""
    folded = fold_width(block[: MOST_RULE_CHARS + 1])
    return len(folded) <= MOST_RULE_CHARS and any(
        rule.kind != "part" and pattern(rule).fullmatch(folded) for rule in rules
    )


def removals(removed: Counter[str]) -> tuple[Removal, ...]:
    """Return the counts as values, by rule id."""
    return tuple(Removal(rule_id, chars) for rule_id, chars in sorted(removed.items()) if chars)


def _filter(
    block: str, rules: Sequence[tuple[Rule, re.Pattern[str]]], removed: Counter[str], told: Mapping[str, str] | None
) -> tuple[str, str]:
    """Return what is left of one block, and the id of the rule that ends the page here, if one does."""
    folded = fold_width(block)
    for rule, compiled in rules:
        if rule.kind == "part":
            for match in reversed(list(compiled.finditer(folded))):
                block = block[: match.start()] + block[match.end() :]
                folded = fold_width(block)
                removed[rule.id] += match.end() - match.start()
        elif compiled.fullmatch(folded) and _is_told(block, rule, told):
            if rule.kind == "end":
                return "", rule.id
            removed[rule.id] += len(block)
            return "", ""
    return clean_line(block), ""


def _is_told(block: str, rule: Rule, told: Mapping[str, str] | None) -> bool:
    if not rule.tells or told is None:
        return True
    return canonical(read_label(LABELS[rule.tells], block) or "") == canonical(told.get(rule.tells, ""))
