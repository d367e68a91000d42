"""Claims about the shipped profiles and rules, and the user's own."""

from collections import Counter
from pathlib import Path

import pytest

from config.shipped import load_library
from core.errors import RuleError
from core.model import FIELDS
from core.profile import GENERIC, Rule
from core.rules import apply_rules

LIBRARY = load_library()
EXAMPLES = [(rule, example) for rule in LIBRARY.rules for example in rule.examples]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[f"{rule.id}-{n}" for n, (rule, _) in enumerate(EXAMPLES)])
def test_every_rule_does_what_its_examples_say(rule: Rule, example: object) -> None:
    for case in (case for case in rule.examples if case is example):
        assert apply_rules(case.before, [rule], Counter()) == case.after
        assert apply_rules(case.after, [rule], Counter()) == case.after


@pytest.mark.parametrize("rule", LIBRARY.rules, ids=lambda rule: rule.id)
def test_every_rule_has_an_example_of_what_it_takes_and_of_what_it_leaves(rule: Rule) -> None:
    assert any(example.after != example.before for example in rule.examples)
    assert any(example.after for example in rule.examples)


def test_the_shipped_profiles_are_there() -> None:
    names = [profile.name for profile in LIBRARY.profiles]
    assert {"sc.gov.cn", "ucap", "trs", "hanweb", "vsb", "gkmlpt", GENERIC} <= set(names)
    for profile in LIBRARY.profiles:
        assert {name for name, _ in profile.fields} <= set(FIELDS)
        assert bool(profile.hosts or profile.marker) is (profile.name != GENERIC)


def write(folder: Path, name: str, text: str) -> str:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return str(folder)


def test_a_users_rule_replaces_the_shipped_one_of_its_name_in_place(tmp_path: Path) -> None:
    mine = '[[rule]]\nid = "qr-line"\nwhy = "mine"\npattern = "甲"\nkind = "part"\n'
    text = mine + '[[rule]]\nid = "x"\nwhy = "w"\npattern = "乙"\n'
    library = load_library(write(tmp_path, "rules/a.toml", text))
    ids = [rule.id for rule in library.rules]
    assert ids == [*(rule.id for rule in LIBRARY.rules), "x"]
    assert next(rule for rule in library.rules if rule.id == "qr-line").why == "mine"


def test_a_users_profile_is_added(tmp_path: Path) -> None:
    text = 'name = "mine"\nhosts = ["a.cn"]\n[fields]\ntitle = ["//h1"]\nbody = ["//main"]\n'
    library = load_library(write(tmp_path, "profiles/mine.toml", text))
    assert library.profiles[-1].candidates("body") == ("//main",)
    assert load_library(str(tmp_path / "absent")).profiles == LIBRARY.profiles
    write(tmp_path, "profiles/readme.txt", "not a profile")
    assert load_library(str(tmp_path)).profiles == library.profiles


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("rules/a.toml", "[[rule", "cannot be read"),
        ("rules/a.toml", '[[rule]]\nid = "x"\n', "'why'"),
        ("rules/a.toml", '[[rule]]\nid = "x"\nwhy = "w"\npatern = "a"\n', "'patern'"),
        ("rules/a.toml", '[[rule]]\nid = "x"\nwhy = "w"\npattern = "("\n', "compiled"),
        (
            "rules/a.toml",
            '[[rule]]\nid = "x"\nwhy = "w"\npattern = "a"\nexamples = [{ before = "a" }]\n',
            "list of texts",
        ),
        ("profiles/a.toml", 'name = "x"\nhost = []\n', "'host'"),
        ("profiles/a.toml", "hosts = []\n", "'name'"),
        ("profiles/a.toml", 'name = "x"\n[fields]\nbody = ["//p["]\n', "XPath"),
    ],
)
def test_a_mistake_is_told_with_its_name(tmp_path: Path, name: str, text: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        load_library(write(tmp_path, name, text))


def test_a_library_is_equal_to_itself_alone() -> None:
    assert load_library() != LIBRARY
    assert hash(load_library()) != hash(LIBRARY)
