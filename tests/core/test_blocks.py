"""Claims about blocks of text."""

from core.blocks import blocks_around, element_line, html_blocks, parse_html, text_blocks


def blocks(html: str) -> list[str]:
    root = parse_html(html)
    return [] if root is None else html_blocks(root)


def test_paragraphs_breaks_and_items_are_blocks_of_their_own() -> None:
    assert blocks("<div>一<p>二 <b>粗</b>字</p><ul><li>三<li>四</ul>五<br>六<!-- 七 -->尾</div>") == [
        "一",
        "二 粗字",
        "三",
        "四",
        "五",
        "六尾",
    ]


def test_table_rows_are_readable_lines() -> None:
    page = "<table><tr><th>项目</th><th>数</th></tr><tr><td><p>车</p><p>新</p></td><td>36</td><td></td></tr></table>"
    assert blocks(page) == ["项目 | 数", "车 新 | 36"]


def test_a_table_that_lays_out_a_page_keeps_its_paragraphs() -> None:
    long = "长" * 700
    assert blocks(f"<table><tr><td>导航</td><td><p>{long}</p><p>二</p></td></tr></table>") == ["导航", long, "二"]
    assert blocks("<table><tr><td><p>一</p><p>二</p></td></tr></table>") == ["一", "二"]


def test_stray_cells_and_rows_do_no_harm() -> None:
    assert blocks("<td>一</td><tr>二</tr></table></tr>") != []


def test_a_hidden_row_is_left_out_and_what_is_behind_it_is_read() -> None:
    assert blocks("<table><tr style='display:none'><td>藏</td></tr><tr><td>一</td><td>二</td></tr></table>尾") == [
        "一 | 二",
        "尾",
    ]


def test_what_is_not_displayed_is_left_out() -> None:
    page = (
        "<p>显</p><script>x</script><style>y</style><p style='DISPLAY : none'>藏</p><p hidden>藏</p>"
        "<noscript>请</noscript><textarea>t</textarea>尾"
    )
    assert blocks(page) == ["显", "尾"]


def test_a_hidden_root_is_read_all_the_same() -> None:
    root = parse_html("<div id='a' style='display:none'><p>文</p></div>")
    assert root is not None
    assert html_blocks(root.xpath("//div")[0]) == ["文"]


def test_what_stands_around_a_region_is_told_apart_before_and_behind() -> None:
    root = parse_html("<p>前</p>首<div id='a'>中</div>尾<p>后</p>")
    assert root is not None
    assert blocks_around(root, root.xpath("//div")[0]) == (["前", "首"], ["尾", "后"])
    assert blocks_around(root, None) == (["前", "首", "中", "尾", "后"], [])


def test_a_break_in_a_headline_is_a_space() -> None:
    root = parse_html("<h1>上半<br>下半</h1>")
    assert root is not None
    assert element_line(root) == "上半 下半"


def test_lines_of_a_text_lose_their_bullets() -> None:
    assert text_blocks("  • 微信\n\n * 项\n　　正文\u200b\n-5度\r\n") == ["微信", "项", "正文", "-5度"]


def test_nothing_gives_nothing() -> None:
    assert parse_html("") is None
    assert parse_html("\0\0 ") is None
    assert parse_html("<!-- 只有注释 -->") is None or blocks("<!-- 只有注释 -->") == []


def test_letter_styles_left_open_in_every_line_hide_nothing() -> None:
    assert blocks("<font>一<br>" * 300 + "<p>尾</p>") == ["一"] * 300 + ["尾"]


def test_a_page_of_which_the_parser_would_drop_the_rest_is_not_read() -> None:
    assert parse_html("<font>一<br>" * 2_100 + "<p>尾</p>") is None
    assert parse_html("</b>" * 200 + "<div>" * 2_100 + "<p>尾</p>") is None


def test_more_than_a_hundred_thousand_tags_are_not_read() -> None:
    assert parse_html("<p>一" * 101_000) is None
    assert parse_html("<script>1</script>" * 101_000) is None
    assert parse_html("<p a b c d e f>" * 70_000) is None
    assert parse_html("<p " + " ".join(f"a{at}" for at in range(60_000)) + ">") is None


def test_a_long_table_a_long_script_and_a_long_attribute_are_read() -> None:
    script = "<script>for (i = 0; i<n; i++) { var data = [" + "1, 2, 3, " * 30_000 + "]; }</script>"
    attribute = "<input value='" + "a b <p> c " * 30_000 + "'>"
    long = blocks(script + attribute + "<table>" + "<tr><td>一<td>二" * 30_000 + "</table>")
    assert long == ["一 | 二"] * 30_000


def test_text_that_cannot_be_shown_is_kept_from_the_parser() -> None:
    assert blocks("<p>一\0二&#0;&#xD800;\ud800三</p>") != []


def test_what_is_raised_or_lowered_is_told_apart_from_digits_beside_it() -> None:
    root = parse_html("<p>10<sup>2</sup>个，H<sub>2</sub>O，<sup> </sup>空</p>")
    assert root is not None
    assert html_blocks(root) == ["10^2个，H_2O，空"]


def test_an_empty_cell_keeps_its_place_in_the_row() -> None:
    def row(cells: str) -> list[str]:
        root = parse_html(f"<table><tr>{cells}</tr></table>")
        assert root is not None
        return html_blocks(root)

    assert row("<td>甲<td><td>5") != row("<td>甲<td>5<td>")


def test_an_element_without_others_in_it_is_read_as_a_line_like_any() -> None:
    root = parse_html("<p>上半\n  下半</p><sup> 2 </sup><p></p><a>甲<br></a>")
    assert root is not None
    assert [element_line(element) for element in root.iter("p", "sup", "a")] == ["上半 下半", "^2", "", "甲"]


def test_a_region_in_a_row_has_its_place_behind_blank_cells() -> None:
    page = "<table><tr><td>栏目<p>&nbsp;</p></td><td id=r>正文</td><td>右栏</td></tr></table><p>丙</p><p>丁</p>"
    root = parse_html(page)
    assert root is not None
    assert blocks_around(root, root.xpath("//td[@id='r']")[0]) == (["栏目 | | 右栏"], ["丙", "丁"])
