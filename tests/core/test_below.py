"""Claims about finding an article below its headline."""

from lxml import etree

from core.below import below_headline
from core.blocks import parse_html

TITLE = "关于校车安全检查结果的公示"
ROWS = "".join(f"<tr><td>{number}</td><td>云岭县第{number}小学</td><td>9{number}</td></tr>" for number in range(6))


def found(html: str, title: str = TITLE) -> str | None:
    root = parse_html(html)
    assert root is not None
    above = root.find(".//*[@id='menu']")
    assert isinstance(above, etree._Element)
    holder = below_headline(root, above, [title, "短"])
    return None if holder is None else holder.get("id")


def test_what_holds_text_below_the_headline_is_found() -> None:
    page = f"<div id='menu'>一、监管。</div><div id='b'><div><h1>{TITLE}</h1></div><table>{ROWS}</table></div>"
    assert found(page) == "b"
    assert found(page, f"{TITLE}（第3号）") == "b"
    assert found(page, "关于别的事情的公示") is None
    assert found(page, "") is None


def test_a_headline_that_is_a_link_or_not_displayed_does_not_count() -> None:
    table = f"<div id='b'><table>{ROWS}</table>"
    assert found(f"<div id='menu'>一</div>{table}<a>{TITLE}</a></div>") is None
    assert found(f"<div id='menu'>一</div>{table}<p style='display: none'>{TITLE}</p></div>") is None


def test_an_article_below_or_around_its_headline_is_left_alone() -> None:
    assert found(f"<h1>{TITLE}</h1><div id='menu'>会议召开。</div>") is None
    assert found(f"<div id='menu'><h1>{TITLE}</h1>会议召开。</div>") is None


def test_a_footer_is_no_article_though_it_stands_below() -> None:
    article = f"<div id='b'><h1>{TITLE}</h1><table>{ROWS}</table></div>"
    assert found(f"{article}<div id='menu'>版权归本站所有，侵权必究。Copyright 2024</div>") == "b"
    assert found(f"{article}<div id='menu'>会议召开，部署工作。</div>") is None


def test_a_headline_with_nothing_below_it_finds_nothing() -> None:
    assert found(f"<div id='menu'>一</div><div><h1>{TITLE}</h1><a>{'很长的链接' * 20}</a></div>") is None
    root = etree.fromstring(f"<div><p id='menu'>一</p><h1>{TITLE}</h1></div>")
    assert below_headline(root, root[0], [TITLE]) is None
