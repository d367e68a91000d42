"""Claims about boilerplate rules."""

import re
from collections import Counter

import pytest

from core.errors import RuleError
from core.model import Removal
from core.profile import GENERIC, MOST_RULE_CHARS, Profile, Rule
from core.rules import apply_rules, matches_block, removals

BLOCK = Rule("block", "why", r"打印:?")
PART = Rule("part", "why", r"点击数:\d+", kind="part")
END = Rule("end", "why", r"主办单位:.*", kind="end")


def test_a_block_is_removed_only_as_a_whole_and_in_either_width() -> None:
    removed: Counter[str] = Counter()
    assert apply_rules(["打印：", "打印一份", "文"], [BLOCK], removed) == ("打印一份", "文")
    assert removals(removed) == (Removal("block", 3),)


def test_a_part_is_cut_out_and_the_rest_stays_as_displayed() -> None:
    removed: Counter[str] = Counter()
    assert apply_rules(["来源：甲 点击数：12 点击数：3", "点击数：4"], [PART, BLOCK], removed) == ("来源：甲",)
    assert removed["part"] == 6 + 5 + 5


def test_an_end_takes_all_that_follows() -> None:
    removed: Counter[str] = Counter()
    assert apply_rules(["文", "主办单位：甲", "微信"], [END], removed) == ("文",)
    assert removals(removed) == (Removal("end", 8),)


def test_rules_do_not_look_at_long_blocks() -> None:
    long = "点击数:1" + "长" * MOST_RULE_CHARS
    assert apply_rules([long], [PART], Counter()) == (long,)
    assert not matches_block("打" * 400, [Rule("all", "why", "打+")])


def test_a_line_that_tells_another_value_than_the_field_stays() -> None:
    rule = Rule("editor", "why", "编辑:.*", tells="editor")
    blocks = ["编辑：甲", "编辑：乙"]
    assert apply_rules(blocks, [rule], Counter(), {"editor": "甲"}) == ("编辑：乙",)
    assert apply_rules(blocks, [rule], Counter()) == ()


def test_a_block_that_some_rule_takes_is_told() -> None:
    assert matches_block("打印：", [PART, BLOCK])
    assert not matches_block("点击数：1", [PART])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pattern": "("}, "cannot be compiled"),
        ({"pattern": "甲*"}, "matches nothing"),
        ({"kind": "line"}, "kind"),
        ({"scope": "all"}, "scope"),
        ({"tells": "title"}, "tells"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(changes: dict[str, str], words: str) -> None:
    with pytest.raises(RuleError, match=words):
        Rule(**({"id": "r", "why": "w", "pattern": "甲"} | changes))  # type: ignore[arg-type]


def test_a_profile_that_cannot_work_is_refused() -> None:
    with pytest.raises(RuleError, match="field 'autor'"):
        Profile("p", fields=(("autor", ()),))
    with pytest.raises(RuleError, match="XPath"):
        Profile("p", fields=(("title", ("//h1[",)),))
    with pytest.raises(RuleError, match="XPath"):
        Profile("p", marker="//h1[")
    for field, reader in (("title", "density"), ("source", "near"), ("body", "meta:Body")):
        with pytest.raises(RuleError, match=f"reader {reader} of the profile cannot read the field '{field}'"):
            Profile("p", fields=((field, (reader,)),))


def test_hosts_are_exact_or_below_a_name() -> None:
    profile = Profile(GENERIC, hosts=("a.cn", "*.b.cn"))
    hosts = ("a.cn", "x.a.cn", "x.b.cn", "b.cn", "")
    assert [host for host in hosts if profile.is_for(host)] == ["a.cn", "x.b.cn"]
    assert profile.candidates("title") == ()


@pytest.mark.parametrize("pattern", [r"(本)\1站", "(?i)readers: [0-9]+", "(?P<word>访)问"])
def test_a_rule_that_cannot_be_joined_with_others_works_as_alone(pattern: str) -> None:
    rules = [Rule("one", "why", "打印"), Rule("two", "why", pattern), Rule("three", "why", "关闭")]
    blocks = ["本本站", "READERS: 12", "访问", "打印", "正文一段", "关闭"]
    alone = [block for block in blocks if not any(re.compile(rule.pattern).fullmatch(block) for rule in rules)]
    assert len(alone) == 3
    assert apply_rules(blocks, rules, Counter()) == tuple(alone)


def test_alternatives_of_one_rule_do_not_leak_into_another() -> None:
    rules = [Rule("one", "why", "打印|打印本页"), Rule("two", "why", "本页|关闭", kind="part")]
    assert apply_rules(["打印本页", "打印", "关于本页的说明"], rules, Counter()) == ("关于的说明",)
