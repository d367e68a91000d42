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


TEXT = "会议在青石镇召开，研究部署了校车安全工作，听取了汇报。"


def test_paragraphs_in_boxes_of_their_own_belong_to_the_element_around_them() -> None:
    boxes = "".join(f"<section><section><p>{number}、{TEXT}</p></section></section>" for number in range(4))
    assert densest_id(f"<div id='b'>{boxes}</div><div id='f'><p>地址：青石镇</p></div>") == "b"


def test_a_wider_element_that_adds_links_is_not_the_article() -> None:
    boxes = "".join(f"<section><section><p>{number}、{TEXT}</p></section></section>" for number in range(4))
    news = f"<ul><li><a href='1'>{TEXT}</a><script>{TEXT}</script><p>{TEXT}</p></li></ul>"
    assert densest_id(f"<div id='a'><div id='b'>{boxes}</div>{news}</div>") == "b"


def test_of_two_copies_the_first_counts_and_the_hidden_one_only_alone() -> None:
    copy = f"<p>{TEXT}" * 5
    assert densest_id(f"<div id='a'>{copy}</div><div id='b'>{copy}更正，一处。</div>") == "a"
    hidden = f"<div style='display: none'><div id='a'>{copy}{copy}</div></div>"
    assert densest_id(f"{hidden}<div id='b'><p>另一篇，{copy}{copy}</div>") == "b"
    assert densest_id(hidden) == "a"
    assert densest_id(f"{hidden}<div id='b'><p>地址：青石镇，邮编五一九</div>") == "a"


def test_letter_styles_inside_each_other_have_one_holder() -> None:
    text = "会议在青石镇召开，研究部署了校车安全工作。"
    assert (
        densest_id(f"<div id='b'><span>{text}<font>{text}</font><font>{text}</font></span><i>{text}</i></div>") == "b"
    )
