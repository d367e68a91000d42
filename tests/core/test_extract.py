"""Claims about the candidates of a profile: which one wins, and what is told of it."""

from core.blocks import parse_html
from core.extract import Extraction, HtmlPage
from core.profile import Profile, xpath

TEXT = "".join(f"<p>{n}、会议在青石镇召开，研究部署了校车安全工作，听取了汇报。</p>" for n in range(3))


def extract(html: str, url: str = "http://a.cn/x.html", **fields: tuple[str, ...]) -> Extraction:
    root = parse_html(html)
    assert root is not None
    profile = Profile("p", fields=(("body", ("density", "text")), *fields.items()))
    return HtmlPage(root, url, profile).extract()


def test_the_first_candidate_that_finds_something_wins_and_is_told() -> None:
    page = f"<h1>标题</h1><p>来源：县教育局</p><div>{TEXT}</div>"
    found = extract(page, title=("//h2", "//h1"), source=("//h1", "label"))
    assert (found.title, found.source) == ("标题", "县教育局")
    told = [(given.field, given.selector) for given in found.evidence]
    assert told == [("title", "//h1"), ("source", "label"), ("body", "density")]


def test_a_label_shown_blank_ends_the_search() -> None:
    page = f"<meta name='ContentSource' content='甲局'><p>来源：</p><div>{TEXT}</div>"
    assert extract(page, source=("label", "meta:ContentSource")).source == ""
    assert extract(page.replace("来源：", ""), source=("label", "meta:ContentSource")).source == "甲局"


def test_a_sentence_is_no_value_even_where_a_selector_points_at_it() -> None:
    page = f"<h1>来源：{'长，长' * 30}</h1><h2>来源：{'长' * 400}</h2><div>{TEXT}</div>"
    assert extract(page, source=("//h1", "//h2")).source == ""
    assert extract(page, source=("label",)).source == ""


def test_the_publisher_stands_in_for_a_source_that_is_not_shown() -> None:
    page = f"<p>责任部门：</p><p>县教育局</p><p>云岭日报 2024-05-01</p><div>{TEXT}</div>"
    assert extract(page, source=("label", "table", "beside")).source == "县教育局"
    assert extract(page, source=("beside", "table")).source == "云岭日报"


def test_a_container_that_holds_little_is_passed_over_for_the_same_one_further_down() -> None:
    root = parse_html(f"<div class='c'>字体</div><div class='c'>{TEXT}</div><div class='c'>{TEXT}尾</div>")
    assert root is not None
    found = HtmlPage(root, "", Profile("p", fields=(("body", ("//div[has-class('c')]",)),))).extract()
    assert len(found.body) == 3


def test_a_class_is_told_from_one_that_only_begins_so() -> None:
    root = parse_html("<div class='contents'>一</div><div class='a\tcont  b'>二</div><div>三</div>")
    assert root is not None
    assert [element.text for element in xpath("//div[has-class('cont')]")(root)] == ["二"]
    assert [element.text for element in xpath("//div[has-class('a cont')]")(root)] == ["二"]


def test_what_an_xpath_finds_below_does_not_depend_on_how_it_is_looked_for() -> None:
    root = parse_html("<div><p class='a'>一</p><p class='a'>二</p></div><div><p class='a'>三</p></div>")
    assert root is not None
    assert [element.text for element in xpath("//p[@class='a']")(root)] == ["一", "二", "三"]
    assert [element.text for element in xpath("//p[@class='a'][1]")(root)] == ["一", "三"]
    assert [element.text for element in xpath("//p[@class='a' and last()=2]")(root)] == ["一", "二"]


def test_what_is_left_out_of_the_body_is_told_in_its_evidence() -> None:
    found = extract(f"<div><h1>校车安全工作会</h1>{TEXT}<p>【打印】</p></div>", title=("//h1",))
    assert found.evidence[-1].value.endswith("; 2 at head and foot left out")


def test_titles_of_windows_lose_the_names_of_site_and_column() -> None:
    def title(window: str) -> str:
        return extract(f"<title>{window}</title><div>{TEXT}</div>", title=("title-element", "above")).title

    assert title("县里召开校车安全会议-部门动态-云岭县人民政府网站") == "县里召开校车安全会议"
    assert title("1-10月固定资产投资_云岭县") == "1-10月固定资产投资"
    assert title("云岭县人民政府网站") == ""
    assert (
        extract(f"<title>云岭县人民政府网站</title><div>{TEXT}</div>", title=("window",)).title == "云岭县人民政府网站"
    )
    assert title("") == ""


def test_a_hidden_article_is_read_with_what_stands_before_it() -> None:
    found = extract(f"<h1>标题</h1><div style='display:none'>{TEXT}</div>", title=("//h1",))
    assert len(found.body) == 3
