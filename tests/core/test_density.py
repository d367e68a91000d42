"""Claims about finding an article by its density."""

from core.blocks import parse_html
from core.density import densest


def densest_id(html: str) -> str | None:
    root = parse_html(html)
    assert root is not None
    found = densest(root)
    return None if found is None else found.get("id", str(found.tag))


def test_the_holder_of_the_paragraphs_wins_over_its_frame() -> None:
    text = "会议在青石镇召开，研究部署了校车安全工作。"
    article = f"<div id='b'><p>{text}<p>{text}<p>{text}</div>"
    page = f"<div id='a'><a>首页、要闻、公开、服务、互动</a>{article}<p>版权所有，侵权必究，敬请留意。</div>"
    assert densest_id(page) == "b"


def test_letter_styles_do_not_hide_the_holder() -> None:
    text = "会议在青石镇召开，研究部署了校车安全工作。"
    assert densest_id(f"<div id='b'><p><span><font>{text}</font></span></p><p><span>{text}</span></p></div>") == "b"


def test_text_broken_by_line_breaks_counts_for_its_own_element() -> None:
    assert densest_id("<td id='t'>会议在青石镇召开，部署工作。<br>会议强调，要抓好落实，确保安全。</td>") is not None


def test_short_or_unpunctuated_text_is_no_article() -> None:
    assert densest_id("<div><p>首页</p><p>本站导航没有标点的一行很长的文字</p></div>") is None


def test_text_at_the_very_root_is_found() -> None:
    root = parse_html("<p>x</p>")
    assert root is not None
    root[0][0].text = "会议在青石镇召开，研究部署了校车安全工作。"
    paragraph = root[0][0]
    root[0].remove(paragraph)
    root.append(paragraph)
    assert densest(root) is root
