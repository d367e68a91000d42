"""Claims about the rules that are learnt from what differs between readings of one page."""

import tomllib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.noise import Noise, as_toml, learn
from core.normalize import clean_line
from core.rules import apply_rules

TEXT = "会议要求，各乡镇要在汛期前排查临水临崖路段，能立即整改的马上整改；暂时不能整改的设立警示标志。"


def left_of(noise: Noise, *blocks: str) -> tuple[str, ...]:
    return apply_rules(blocks, noise.rules, Counter())


@pytest.mark.parametrize(
    ("first", "second", "kind", "pattern", "rest"),
    [
        ("浏览次数：101", "浏览次数：1,102", "block", "浏览次数:[0-9]+(?:[,.][0-9]+)*[万千]?", ()),
        ("浏览：9999次", "浏览：1.1万次", "block", "浏览:[0-9]+(?:[,.][0-9]+)*[万千]?次", ()),
        ("来源：甲 阅读：7", "来源：甲 阅读：8", "part", "阅读:[0-9]+(?:[,.][0-9]+)*[万千]?", ("来源：甲",)),
        (
            "5 人浏览 | 打印",
            "6 人浏览 | 打印",
            "part",
            "(?<![0-9A-Za-z])[0-9]+(?:[,.][0-9]+)*[万千]? 人浏览",
            ("| 打印",),
        ),
        ("甲 | 5人浏览", "甲 | 6人浏览", "part", "(?<![0-9A-Za-z])[0-9]+(?:[,.][0-9]+)*[万千]?人浏览", ("甲 |",)),
        ("(点击 5 次)。", "(点击 6 次)。", "block", r"\(点击 [0-9]+(?:[,.][0-9]+)*[万千]? 次\)。", ()),
        ("会话 a0b1c2d3e4", "会话 99ffa0b1c2", "block", "会话 (?=[A-Fa-f-]*[0-9])[0-9A-Fa-f-]{8,}", ()),
        ("a0b1c2d3e4", "99ffa0b1c2", "block", "(?=[A-Fa-f-]*[0-9])[0-9A-Fa-f-]{8,}", ()),
        ("用时3.1秒", "用时3.2秒", "block", "用时[0-9]+(?:[,.][0-9]+)*[万千]?秒", ()),
        (
            "2024年第5期 访问 1 次",
            "2024年第5期 访问 2 次",
            "part",
            "访问 [0-9]+(?:[,.][0-9]+)*[万千]? 次",
            ("2024年第5期",),
        ),
    ],
)
def test_what_differs_becomes_a_rule(first: str, second: str, kind: str, pattern: str, rest: tuple[str, ...]) -> None:
    noise = learn([[TEXT, first], [TEXT, second]])
    (rule,) = noise.rules
    assert (rule.kind, rule.pattern, noise.left) == (kind, pattern, ())
    assert left_of(noise, first) == left_of(noise, second) == rest
    assert rule.why.startswith("differed in 2 of 2 fetches: ")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("当前时间：2024-06-01 10:00:07", "当前时间：2024-06-02 9:10:07"),
        ("今天是2024年6月1日 星期六", "今天是2024年6月2日 星期日"),
        ("服务器时间 10:00", "服务器时间 10:01"),
        ("生成于 2024/6/1", "生成于 2024/12/1"),
        ("本页已被访问 5 次 现在 10:00:01", "本页已被访问 6 次 现在 10:00:02"),
    ],
)
def test_a_clock_becomes_a_rule_for_every_time(first: str, second: str) -> None:
    noise = learn([[first], [second]])
    assert len(noise.rules) == 1
    assert left_of(noise, first, second) == ()


@pytest.mark.parametrize(
    ("readings", "reason"),
    [
        ([["编辑：甲"], ["编辑：乙"]], "no number"),
        ([["浏览：5"], []], "no number"),
        ([["101"], ["102"]], "too few words"),
        ([["2024-05-01 10:00"], ["2024-05-01 10:01"]], "too few words"),
        ([[f"{TEXT}共5人。"], [f"{TEXT}共6人。"]], "long text"),
        ([["浏览：5 " + "甲" * 300], ["浏览：6 " + "甲" * 300]], "long text"),
        ([["浏览：5", "浏览：6"], ["浏览：5", "浏览：7"]], "stayed the same"),
        ([["浏览：5 甲"], ["浏览：6 甲"], []], "not make the fetches equal"),
        ([["甲", "乙"], ["乙", "甲"]], "another order"),
    ],
)
def test_what_no_rule_should_take_is_listed_with_the_reason(readings: list[list[str]], reason: str) -> None:
    noise = learn(readings)
    assert noise.rules == ()
    assert reason in noise.left[0].reason
    assert "fetches" in noise.left[0].evidence


def test_the_evidence_counts_the_fetches_and_shows_some_of_what_was_seen() -> None:
    (rule,) = learn([[f"浏览次数：{count}"] for count in (101, 102, 103, 104, 104)]).rules
    assert rule.why == "differed in 4 of 5 fetches: 浏览次数：101, 浏览次数：102, 浏览次数：103, …"


def test_readings_that_agree_need_no_rule() -> None:
    assert learn([[TEXT, "浏览：5"], [TEXT, "浏览：5"]]) == Noise()


def test_rules_for_two_pages_have_two_names() -> None:
    first, second = (learn([[f"{label}：1"], [f"{label}：2"]]).rules[0].id for label in ("浏览", "点击"))
    assert first != second


WORDS = st.sampled_from(
    ["浏览", "次数：", "来源", "甲", " ", "|", "。", "，", "'", '"', "\\", "(", "次", "a", "-", "："]
)
TOKENS = st.sampled_from(
    ["1", "23", "1,024", "2024-05-01", "10:01", "10:02:03", "a0b1c2d3e4", "99ffa0b1c2", "３", "1万"]
)
BLOCKS = st.lists(WORDS | WORDS | TOKENS, max_size=7).map("".join)


@st.composite
def fetches(draw: st.DrawFn) -> list[list[str]]:
    """Readings of one page: blocks that stay, and blocks in which a token differs; sometimes any blocks at all."""
    page = draw(st.lists(BLOCKS | st.tuples(BLOCKS, BLOCKS), max_size=5))
    readings = []
    for _ in range(draw(st.integers(2, 4))):
        blocks = [block if isinstance(block, str) else draw(TOKENS).join(block) for block in page]
        readings.append(blocks + draw(st.lists(BLOCKS, max_size=1)))
    return readings


@settings(deadline=None)
@given(fetches() | st.lists(st.lists(st.text(max_size=12), max_size=4), min_size=2, max_size=4))
def test_the_rules_make_the_readings_equal_or_the_difference_is_listed(readings: list[list[str]]) -> None:
    noise = learn(readings)
    assert noise.left or len({left_of(noise, *map(clean_line, blocks)) for blocks in readings}) == 1


@settings(deadline=None)
@given(fetches())
def test_a_rule_takes_nothing_that_stayed_the_same_and_nothing_without_a_digit(readings: list[list[str]]) -> None:
    pages = [[clean_line(block) for block in blocks] for blocks in readings]
    counts = [Counter(page) for page in pages]
    rules = learn(readings).rules
    for block in set().union(*counts):
        touched = apply_rules([block], rules, Counter()) != ((block,) if block else ())
        differed = len({count[block] for count in counts}) > 1
        assert not touched or (differed and any(char.isdigit() for char in block))


@settings(deadline=None)
@given(fetches())
def test_every_rule_can_be_loaded_and_passes_its_own_examples(readings: list[list[str]]) -> None:
    rules = learn(readings).rules
    loaded = tomllib.loads("\n".join(map(as_toml, rules))).get("rule", [])
    assert [(one["id"], one["why"], one["pattern"], one.get("kind", "block")) for one in loaded] == [
        (rule.id, rule.why, rule.pattern, rule.kind) for rule in rules
    ]
    for rule, one in zip(rules, loaded, strict=True):
        assert any(example.before == example.after for example in rule.examples)
        for example, shown in zip(rule.examples, one["examples"], strict=True):
            assert (tuple(shown["before"]), tuple(shown["after"])) == (example.before, example.after)
            assert apply_rules(example.before, [rule], Counter()) == example.after
            assert apply_rules(example.after, [rule], Counter()) == example.after
