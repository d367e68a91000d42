"""Claims about doubting a capture by its head: what is doubted, and which edits never are."""

from typing import Any

import pytest
from msgspec.structs import replace

from core.model import FIELDS, NormalText
from core.suspicion import suspicion
from govwatch.demo import article

HEAD = NormalText(article.TITLE, article.PUBLISHED_ISO, article.SOURCE, article.EDITOR, article.PARAGRAPHS, ())
UNSIGNED = {"published": "", "source": "", "editor": ""}
ENGLISH = ("The requested page cannot be shown in your region at this time, please come back later.",)


def doubt(**fields: Any) -> str:
    return suspicion(HEAD, replace(HEAD, **fields))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {**UNSIGNED, "title": "", "body": ("首页",)},
            ["shrank from", "title is no longer found", "source and editor"],
        ),
        ({"source": "", "editor": "", "body": ("加载失败",)}, ["shrank from 429 to 4 characters", "source and editor"]),
        ({"source": "", "editor": "", "title": "云岭县人民政府", "body": ("首页",)}, ["quite another"]),
        ({**UNSIGNED, "title": "欢迎访问本站", "body": ("新闻。" * 200,)}, ["quite another", "published and source"]),
        ({**UNSIGNED, "title": ""}, ["title is no longer found", "published and source and editor"]),
        ({"title": "Notice", "body": ENGLISH}, ["without any"]),
    ],
)
def test_what_stands_in_the_place_of_the_article_is_doubted(fields: dict[str, Any], words: list[str]) -> None:
    reason = doubt(**fields)
    assert reason
    assert all(word in reason for word in words), reason


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"editor": ""},
        {"editor": "闻远舟"},
        {"source": ""},
        {"published": ""},
        {"source": "", "editor": ""},
        UNSIGNED,
        {"title": ""},
        {"title": "关于放假的通知"},
        {"title": "更正"},
        {"title": "关"},
        {"title": "关于放假的通知", "body": ("端午节放假三天。",)},
        {"body": ("此文已撤。",)},
        {"body": ()},
        {"body": ("此文已撤。",), "editor": ""},
        {"title": article.TITLE + "(已撤)", "body": ("此文已撤。",), "source": "", "editor": "苏可明"},
        {"title": article.TITLE[:12], "body": ("此文已撤。",), "source": "", "published": "2024-01-01"},
        {"body": article.PARAGRAPHS[:1]},
        {"body": ("全文改写了。" * 60,)},
        {"body": ENGLISH},
        {"attachments": None, "body": None, "title": None, "source": None, "editor": None},
        {"title": None, "body": ("首页",), "source": None, "editor": None, "published": None},
        {"title": "Notice", "body": ("Closed.",)},
    ],
)
def test_what_may_be_an_edit_is_never_doubted(fields: dict[str, Any]) -> None:
    assert doubt(**fields) == ""


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "attachments"])
def test_one_field_alone_is_never_doubted_whatever_becomes_of_it(name: str) -> None:
    for value in ("", "x", "关于放假的通知", "Notice " * 40):
        assert doubt(**{name: (value,) if name == "body" else value}) == ""


def test_a_short_page_and_a_page_that_showed_nothing_are_not_doubted() -> None:
    short = replace(HEAD, body=("端午节放假三天。",), source="", editor="")
    assert suspicion(short, replace(short, title="关于停水的通知", body=("停",))) == ""
    bare = NormalText("", "", "", "", ("新闻。" * 100,), ())
    assert suspicion(bare, replace(bare, body=("停",))) == ""


def test_an_english_page_that_stays_english_is_not_doubted() -> None:
    english = NormalText("Travel advice", "2020-03-14", "", "", ("Stay at home. " * 40,), ())
    assert suspicion(english, replace(english, body=("Stay at home and wash your hands. " * 30,))) == ""
